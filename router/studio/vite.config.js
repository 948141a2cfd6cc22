// Builds into assets/, which the router serves at / and /partner, `plait up` at /demo too. Paths are relative, so both work behind any prefix.
import { defineConfig } from "vite";

export default defineConfig({
  base: "./",
  build: {
    outDir: "assets",
    assetsDir: "static",
    emptyOutDir: true,
    chunkSizeWarningLimit: 8000,
    target: "es2022",
    license: { fileName: "licences.md" }, // of what is bundled
    rollupOptions: { input: ["index.html", "partner.html", "demo.html"] },
  },
});
