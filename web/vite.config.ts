import { defineConfig } from "vite";

// The development server passes the API and the base map on to a running `cotmoc serve`.
const env = (globalThis as { process?: { env: Record<string, string | undefined> } }).process?.env;
const api = env?.COTMOC_API ?? "http://127.0.0.1:8000";

export default defineConfig({
  esbuild: { jsx: "automatic", jsxImportSource: "preact" },
  build: {
    target: "es2020",
    assetsInlineLimit: 0, // bytes; fonts and pictures stay files, so that CSP needs no data: for them
    chunkSizeWarningLimit: 700, // kB
  },
  server: {
    proxy: { "/api": api, "/basemap": api, "/health": api },
  },
});
