import { defineConfig } from "vite";

// The development server passes the API and the base map on to a running `cotmoc serve`.
const env = (globalThis as { process?: { env: Record<string, string | undefined> } }).process?.env;
const api = env?.COTMOC_API ?? "http://127.0.0.1:8000";

export default defineConfig({
  resolve: {
    // 38 kB of styles that protomaps-leaflet brings along and this map does not use
    alias: { "@protomaps/basemaps": new URL("./src/map/no-flavors.ts", import.meta.url).pathname },
  },
  esbuild: { jsx: "automatic", jsxImportSource: "preact" },
  build: {
    outDir: ".built", // put-in-place.mjs brings it to dist/, which a server may be reading
    target: "es2020",
    assetsInlineLimit: 0, // bytes; fonts and pictures stay files, so that CSP needs no data: for them
    rollupOptions: {
      output: {
        manualChunks: { leaflet: ["leaflet"] }, // it changes by itself
        experimentalMinChunkSize: 20_000, // bytes; a request costs more than what is not needed yet
      },
    },
  },
  server: {
    proxy: { "/api": api, "/basemap": api, "/health": api },
  },
});
