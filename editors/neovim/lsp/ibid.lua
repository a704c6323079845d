-- The client configuration that `vim.lsp.enable('ibid')` reads (Neovim 0.11 and later).

-- All markers count the same, so that the nearest one gives the root. Up to 0.11 a flat list already means that.
local markers = { 'ibid.toml', '.obsidian', '.git' }

-- What the protocol calls the file types of corpus files. All others are notes, by whatever name a plug-in gives them.
local corpus_languages = { bib = 'bibtex', text = 'plaintext', json = 'json', jsonl = 'jsonl', yaml = 'yaml' }

-- Neovim's own handler puts the protocol's error code before the sentence.
local function rename(problem, edit, context, config)
  if problem then
    vim.notify('ibid: ' .. problem.message, vim.log.levels.WARN)
    return nil
  end
  return vim.lsp.handlers['textDocument/rename'](problem, edit, context, config)
end

-- In Insert mode the next key takes a message off the screen: it is shown again at the end of it.
local function show_message(problem, params, context, config)
  local answer = vim.lsp.handlers['window/showMessage'](problem, params, context, config)
  if params and vim.api.nvim_get_mode().mode:sub(1, 1) == 'i' then
    vim.api.nvim_create_autocmd('InsertLeave', {
      once = true,
      callback = vim.schedule_wrap(function()
        vim.lsp.handlers['window/showMessage'](nil, params, context, config)
      end),
    })
  end
  return answer
end

return {
  cmd = { 'ibid', 'lsp' },
  filetypes = { 'markdown', 'quarto', 'rmd', 'bib' },
  root_markers = vim.fn.has('nvim-0.12') == 1 and { markers } or markers,
  get_language_id = function(_, filetype)
    return corpus_languages[filetype] or 'markdown'
  end,
  handlers = { ['textDocument/rename'] = rename, ['window/showMessage'] = show_message },
  -- The server asks for its settings too; with these it knows them from its first moment on.
  before_init = function(params, config)
    params.initializationOptions = (config.settings or {}).ibid
  end,
}
