---@brief
---
--- @@repository@@
---
--- `ibid`: paper citations in Markdown notes, with completion, cards, definitions, references and rename.
---
--- The program is to be had as archives of the releases, and by mason, pip (`@@wheel@@`), npm (`@@npm@@`) and cargo.

---@type vim.lsp.Config
return {
  cmd = { 'ibid', 'lsp' },
  filetypes = { 'markdown', 'quarto', 'rmd', 'bib' },
  root_markers = { { 'ibid.toml', '.obsidian', '.git' } },
}
