import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // Vitest would leave one core free.
    maxWorkers: '100%',
    // Generous: two busy cores are enough for every test, and a slow machine is no failure.
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
});
