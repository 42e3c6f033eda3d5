/** Files that Vite bundles as text. */
declare module '*.yaml?raw' {
  const text: string;
  export default text;
}
