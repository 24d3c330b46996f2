// A site as eleventy-base-blog, the starter of Eleventy's own project, lays it out.
import { readFileSync } from "node:fs";
import { feedPlugin } from "@11ty/eleventy-plugin-rss";

const site = JSON.parse(readFileSync("./site.json", "utf-8"));

export default function (config) {
  config.addPassthroughCopy({ "./public/": "/" });
  config.addGlobalData("site", site);
  config.addPlugin(feedPlugin, {
    type: "atom",
    outputPath: "/feed/feed.xml",
    collection: { name: "posts", limit: 10 },
    metadata: {
      language: site.language,
      title: site.title,
      subtitle: site.description,
      base: site.url,
      author: { name: site.title },
    },
  });
  config.addFilter("readableDate", (date) =>
    new Intl.DateTimeFormat(site.language, { dateStyle: "long", timeZone: "UTC" }).format(date),
  );
  config.addFilter("htmlDateString", (date) => date.toISOString().slice(0, 10));
  config.addFilter("head", (array, count) => (count < 0 ? array.slice(count) : array.slice(0, count)));
  config.addFilter("getKeys", (target) => Object.keys(target));
  config.addFilter("filterTagList", (tags) => (tags || []).filter((tag) => !["all", "posts"].includes(tag)));
}

export const config = {
  templateFormats: ["md", "njk", "html"],
  markdownTemplateEngine: "njk",
  htmlTemplateEngine: "njk",
  dir: { input: "content", includes: "../_includes", data: "../_data", output: "_site" },
};
