// Builds into assets/, which the router serves at /. Paths are relative, so the studio works behind any prefix.
import { defineConfig } from "vite";

export default defineConfig({
  base: "./",
  build: { outDir: "assets", assetsDir: "static", emptyOutDir: true, chunkSizeWarningLimit: 8000, target: "es2022" },
});
