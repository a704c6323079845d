-- What a user's init.lua would hold: the plug-in on the runtime path, and one call.
local here = vim.fn.fnamemodify(debug.getinfo(1, 'S').source:sub(2), ':p:h')
vim.opt.runtimepath:prepend(vim.fn.fnamemodify(here, ':h:h:h') .. '/editors/neovim')

if vim.env.IBID_TEST_START == 'enable' then
  vim.lsp.enable('ibid') -- with nothing but lsp/ibid.lua and a program on the PATH
else
  local abstract_chars = tonumber(vim.env.IBID_TEST_ABSTRACT)
  require('ibid').setup({
    cmd = { vim.env.IBID_TEST_BIN or vim.env.IBID_BIN, 'lsp' },
    filetypes = { 'markdown', 'bib', 'text' },
    settings = abstract_chars and { hover = { abstract_chars = abstract_chars } },
  })
end

-- A pair plug-in in short: brackets are closed as they are opened, and a closing one is typed over.
if vim.env.IBID_TEST_PAIRS == '1' then
  for opening, closing in pairs({ ['['] = ']', ['('] = ')' }) do
    vim.keymap.set('i', opening, opening .. closing .. '<Left>')
    vim.keymap.set('i', closing, function()
      local column = vim.api.nvim_win_get_cursor(0)[2]
      return vim.api.nvim_get_current_line():sub(column + 1, column + 1) == closing and '<Right>' or closing
    end, { expr = true })
  end
end

vim.keymap.set('n', 'gd', vim.lsp.buf.definition)
vim.o.swapfile = false

if vim.env.IBID_TEST_BACKGROUND then
  vim.o.termguicolors = true
  vim.o.background = vim.env.IBID_TEST_BACKGROUND
  vim.o.laststatus = 0
  vim.o.cmdheight = 4 -- so that a message of two lines waits for no key
end
