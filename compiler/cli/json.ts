/** A value as every command with --json prints it. */
export const formatJson = (value: unknown): string => `${JSON.stringify(value, undefined, 2)}\n`;
