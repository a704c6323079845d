-- The client configuration that `vim.lsp.enable('ibid')` reads (Neovim 0.11 and later).

-- All markers count the same, so that the nearest one gives the root. Up to 0.11 a flat list already means that.
local markers = { 'ibid.toml', '.obsidian', '.git' }

return {
  cmd = { 'ibid', 'lsp' },
  filetypes = { 'markdown', 'quarto', 'rmd' },
  root_markers = vim.fn.has('nvim-0.12') == 1 and { markers } or markers,
  get_language_id = function()
    return 'markdown'
  end,
  -- The server asks for its settings too; with these it knows them from its first moment on.
  before_init = function(params, config)
    params.initializationOptions = (config.settings or {}).ibid
  end,
}
