import { PrismaPg } from '@prisma/adapter-pg'
import { PrismaClient } from './prisma-client/client.js'

export const connect = () => new PrismaClient({ adapter: new PrismaPg({ connectionString: process.env.PRISMA_URL }) })
