/** A reproducible source of chance. */
export declare function chance(seed: number): () => number
