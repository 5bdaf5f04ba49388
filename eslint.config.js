import tseslint from "typescript-eslint";

export default tseslint.config(
  { ignores: ["dist/**", "node_modules/**", "**/*.generated.ts", "eslint.config.js"] },
  {
    files: ["**/*.ts"],
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      // Numbers and booleans in texts read well; objects in texts do not.
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true, allowBoolean: true }],
      "@typescript-eslint/no-confusing-void-expression": ["error", { ignoreArrowShorthand: true }],
      "@typescript-eslint/no-unnecessary-condition": [
        "error",
        { allowConstantLoopConditions: "only-allowed-literals" },
      ],
      "@typescript-eslint/consistent-type-imports": ["error", { disallowTypeAnnotations: false }],
      "@typescript-eslint/switch-exhaustiveness-check": ["error", { considerDefaultExhaustiveForUnions: true }],
      // Interfaces are written with methods, and objects made from them have no `this`.
      "@typescript-eslint/unbound-method": "off",
      // Knows neither the values of expressions nor secrets, which both print.
      "@typescript-eslint/no-base-to-string": "off",
      "@typescript-eslint/consistent-type-definitions": "error",
      // Overflows its stack on recursive types (8.73).
      "@typescript-eslint/no-unsafe-class-instance-assignment": "off",
      // Others say these: tsc, and tests without a promise are still async where they may get one.
      "@typescript-eslint/no-unused-vars": "off",
    },
  },
  {
    files: ["test/**/*.ts"],
    rules: {
      // Tests reach into results whose shape the assertion is about.
      "@typescript-eslint/no-non-null-assertion": "off",
      "@typescript-eslint/require-await": "off",
    },
  },
);
