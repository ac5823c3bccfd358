/** The text of the generated module. */
export declare function generateSchemaValidator(): string;
