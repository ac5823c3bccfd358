/** The declaration of the generated module beside this file. */
import type { ErrorObject } from 'ajv';

/** Checks a value against vnet.schema.json; what is wrong is in `errors` until the next call. */
export declare const validate: {
  (data: unknown): boolean;
  errors?: ErrorObject[] | null;
};
