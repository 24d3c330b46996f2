import { readFileSync } from "node:fs";
import starlight from "@astrojs/starlight";
import { defineConfig } from "astro/config";
import starlightBlog from "starlight-blog";

const site = JSON.parse(readFileSync("./site.json", "utf-8"));

export default defineConfig({
  site: site.url,
  redirects: site.redirects,
  integrations: [
    starlight({
      title: site.title,
      description: site.description,
      locales: { root: { label: site.language, lang: site.language, dir: site.direction } },
      plugins: [starlightBlog({ title: site.title, postCount: 10 })],
    }),
  ],
});
