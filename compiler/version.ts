/** The version of this compiler, as bundles record it; a test keeps it equal to package.json's. */
export const version = '0.1.0';
