export { customerRecord, type SimulatedCustomer } from './customer-record.ts'
export { delayOf, personaOf, personas, reactionOf, type Persona, type Reaction } from './persona.ts'
export { linkFor, linksIn, type MailLink } from './links-in-mail.ts'
export { simulatedCustomers, type SimulatedCustomers, type SimulatedCustomersOptions } from './simulated-customers.ts'
