/** What can be said in JSON. */
export type Json = null | boolean | number | string | Json[] | { [name: string]: Json }
