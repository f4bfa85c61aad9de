/** `2.50 EUR`, or in the currency of this country's shop. */
function formatPrice(cents) {
  return `${(cents / 100).toFixed(2)} ${process.env.SHOP_CURRENCY ?? 'EUR'}`
}

module.exports = { formatPrice }
