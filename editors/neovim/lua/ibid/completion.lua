--- Opens the completion popup while a citation is typed, and asks the server again at every change of it.
---
--- Neovim's own automatic trigger asks again only while the popup is open and a character is added: it falls silent
--- once a half-typed word has no match, and it keeps stale matches after Backspace.
local M = {}

--- What has been typed of the citation that is open at the end of the text.
---@param before string The line up to the cursor.
---@return string? query The text behind `[[` or `@`; nil where no citation is open.
function M.query(before)
  local after_brackets = before:match('.*%[%[()')
  if after_brackets and not before:find(']', after_brackets, true) then
    return before:sub(after_brackets)
  end
  local key_characters = '([%w_][%w_:.#$%%&%-+?<>~/]*)$'
  for _, opening in ipairs({ '^@', '[%s%[(;,%-]@' }) do
    local key = before:match(opening .. key_characters) or (before:match(opening .. '$') and '')
    if key then
      return key
    end
  end
  return nil
end

local function text_before_cursor()
  return vim.api.nvim_get_current_line():sub(1, vim.api.nvim_win_get_cursor(0)[2])
end

-- Where the open citation starts, as one value; nil where none is open.
local function place(before)
  local query = M.query(before)
  return query and ('%d:%d'):format(vim.api.nvim_win_get_cursor(0)[1], #before - #query)
end

-- Called for the items of every server in the buffer. Items of ibid start their filter text with the typed query.
local function convert(item)
  local query = M.query(text_before_cursor())
  local edit = item.textEdit
  if not query or not edit or not item.filterText or not vim.startswith(item.filterText, query) then
    return {}
  end
  -- The server has done the matching already; Neovim would hide each item whose word does not start with the query.
  -- Neovim 0.11 cuts a word with spaces at the first of them unless it is given here.
  return { equal = 1, word = edit.newText }
end

-- The text of the selected item is in the buffer because the user stepped to it: nothing was typed.
local function shows_selected_item(before)
  local info = vim.fn.complete_info({ 'selected', 'items' })
  local item = info.selected >= 0 and info.items[info.selected + 1]
  return item and item.word ~= '' and vim.endswith(before, item.word)
end

-- Buffer-local, and only what is missing: without `noinsert` or `noselect` the first match would be typed into the
-- note at once, without `menuone` a single match would not be shown.
local function set_completeopt(buffer)
  local value = vim.api.nvim_get_option_value('completeopt', { buf = buffer })
  if value == '' then
    value = vim.go.completeopt
  end
  local flags = vim.split(value, ',', { trimempty = true })
  local function add_unless(known, flag)
    for _, other in ipairs(known) do
      if vim.list_contains(flags, other) then
        return
      end
    end
    table.insert(flags, flag)
  end
  add_unless({ 'menuone' }, 'menuone')
  add_unless({ 'noinsert', 'noselect' }, 'noinsert')
  vim.api.nvim_set_option_value('completeopt', table.concat(flags, ','), { buf = buffer })
end

--- Whether ibid should show its popup: as the options say, else unless another completion plug-in is at work.
---@return boolean
function M.is_wanted()
  local option = require('ibid').options.completion
  if option ~= nil then
    return option
  end
  return vim.g.ibid_completion ~= false and not package.loaded['cmp'] and not package.loaded['blink.cmp']
end

--- Turns the popup on for a buffer. Does nothing on Neovim 0.10, which has only CTRL-X CTRL-O.
---@param client_id integer
---@param buffer integer
function M.attach(client_id, buffer)
  if not (vim.lsp.completion and vim.lsp.completion.get) or not M.is_wanted() then
    return
  end
  set_completeopt(buffer)
  vim.lsp.completion.enable(true, client_id, buffer, { convert = convert })

  local group = vim.api.nvim_create_augroup('ibid.completion.' .. buffer, { clear = true })
  local accepted -- the line up to the cursor, after an item was accepted
  local dismissed -- the place of the citation for which the user closed the popup
  vim.api.nvim_create_autocmd('CompleteDone', {
    group = group,
    buffer = buffer,
    callback = function()
      local before, reason = text_before_cursor(), vim.v.event.reason
      accepted = reason == 'accept' and before or nil
      dismissed = reason == 'cancel' and place(before) or dismissed
    end,
  })
  vim.api.nvim_create_autocmd('InsertLeave', {
    group = group,
    buffer = buffer,
    callback = function()
      accepted, dismissed = nil, nil
    end,
  })
  vim.api.nvim_create_autocmd({ 'TextChangedI', 'TextChangedP' }, {
    group = group,
    buffer = buffer,
    callback = function(event)
      local before = text_before_cursor()
      local here = place(before)
      local popup_step = event.event == 'TextChangedP' and shows_selected_item(before)
      if here and here ~= dismissed and before ~= accepted and not popup_step then
        vim.lsp.completion.get()
      end
    end,
  })
  vim.api.nvim_create_autocmd('LspDetach', {
    group = group,
    buffer = buffer,
    callback = function(event)
      if event.data.client_id == client_id then
        vim.api.nvim_del_augroup_by_id(group)
      end
    end,
  })
end

return M
