import type { engagement } from '@pitcrew/contracts'
import { Terminal } from '@pitcrew/errors'
import { readCustomer } from '../domain/customer.ts'
import type { Customers } from '../ports.ts'

export function upsertCustomer(customers: Customers) {
  return async ({ customer }: engagement.UpsertCustomerRequest): Promise<engagement.UpsertCustomerResponse> => {
    if (customer === undefined) throw new Terminal('BAD_CUSTOMER', 'the request holds no customer')
    await customers.save(readCustomer(customer), [...new Set(customer.vehicleIds)])
    return {}
  }
}
