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

local CLOSING = { ['('] = ')', ['{'] = '}', ['<'] = '>', ['"'] = '"' }

-- The brackets that a pair plug-in has closed right of the cursor for those that the query opens.
local function closed_in(query)
  local closing = ''
  for letter in query:gmatch('[(){}<>"]') do
    if letter == closing:sub(1, 1) then
      closing = closing:sub(2)
    elseif CLOSING[letter] then
      closing = CLOSING[letter] .. closing
    end
  end
  return closing
end

--- What is to be done right of the cursor after a citation was written there.
---@param query string What was typed of it.
---@param before string The line up to the cursor, which the accepted text ends.
---@param after string The rest of the line.
---@return integer removed How many bytes go: brackets that were closed for some in the query, which is gone.
---@return integer passed How many bytes the cursor goes on, over the brackets that close the citation.
function M.behind(query, before, after)
  local removed = closed_in(query)
  removed = vim.startswith(after, removed .. ']') and #removed or 0
  local brackets = vim.endswith(before, ']]') and '' or vim.endswith(before, ']') and ']' or ']]'
  local rest = after:sub(removed + 1)
  if brackets ~= '' and vim.startswith(rest, brackets) then
    return removed, #brackets
  end
  return 0, 0
end

local function pass_closing(query)
  local row, column = unpack(vim.api.nvim_win_get_cursor(0))
  local line = vim.api.nvim_get_current_line()
  local removed, passed = M.behind(query, line:sub(1, column), line:sub(column + 1))
  if removed > 0 then
    vim.api.nvim_buf_set_text(0, row - 1, column, row - 1, column + removed, {})
  end
  if passed > 0 then
    vim.api.nvim_win_set_cursor(0, { row, column + passed })
  end
end

-- So much of a long query is compared: filter texts are cut.
local COMPARED = 100

--- Whether an item was offered for what is typed, and not for what was typed a moment before.
---@param item lsp.CompletionItem
---@param query string
function M.is_offered_for(item, query)
  local typed = vim.trim(query) == '' and '' or query:gsub('^%s+', '')
  local text = item.filterText or ''
  if typed == '' or not item.textEdit or text == 'abstract' then
    return true
  end
  return vim.startswith(text, #typed < COMPARED and typed .. ' ' or typed:sub(1, COMPARED))
end

-- The item of this client that was accepted.
local function accepted_item(client_id)
  local lsp = vim.tbl_get(vim.v.completed_item, 'user_data', 'nvim', 'lsp')
  return lsp and lsp.client_id == client_id and lsp.completion_item or nil
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

--- Turns the popup on for a buffer.
---@param client_id integer
---@param buffer integer
function M.attach(client_id, buffer)
  if not M.is_wanted() then
    return
  end
  set_completeopt(buffer)
  vim.lsp.completion.enable(true, client_id, buffer, { convert = convert })

  local group = vim.api.nvim_create_augroup('ibid.completion.' .. buffer, { clear = true })
  local accepted -- the line up to the cursor, after an item was accepted
  local typed -- the line up to the cursor, as it was typed last
  local awaited -- whether the first item of the next list is to be accepted
  local dismissed -- the place of the citation for which the user closed the popup
  vim.api.nvim_create_autocmd('CompleteDone', {
    group = group,
    buffer = buffer,
    callback = function()
      local before, reason = text_before_cursor(), vim.v.event.reason
      local item = reason == 'accept' and accepted_item(client_id)
      local query = typed and M.query(typed)
      if item and query and not M.is_offered_for(item, query) then
        -- It was accepted from the list of a moment ago: what was typed since is written again, and asked for.
        local row, column = unpack(vim.api.nvim_win_get_cursor(0))
        local start = #typed - #query
        vim.api.nvim_buf_set_text(0, row - 1, start, row - 1, column, { query })
        vim.api.nvim_win_set_cursor(0, { row, #typed })
        awaited = true
        vim.schedule(vim.lsp.completion.get)
        return
      end
      if item and query then
        pass_closing(query)
        before = text_before_cursor()
      end
      accepted = reason == 'accept' and before or nil
      dismissed = reason == 'cancel' and place(before) or dismissed
    end,
  })
  vim.api.nvim_create_autocmd('InsertLeave', {
    group = group,
    buffer = buffer,
    callback = function()
      accepted, dismissed, typed, awaited = nil, nil, nil, nil
    end,
  })
  vim.api.nvim_create_autocmd({ 'TextChangedI', 'TextChangedP' }, {
    group = group,
    buffer = buffer,
    callback = function(event)
      local before = text_before_cursor()
      local here = place(before)
      local popup_step = event.event == 'TextChangedP' and shows_selected_item(before)
      if not popup_step and before ~= typed then
        typed, awaited = before, nil
      end
      if here and here ~= dismissed and before ~= accepted and not popup_step then
        vim.lsp.completion.get()
      end
    end,
  })
  vim.api.nvim_create_autocmd('CompleteChanged', {
    group = group,
    buffer = buffer,
    callback = function()
      local info = vim.fn.complete_info({ 'selected' })
      if awaited and info.selected == 0 and text_before_cursor() == typed then
        awaited = nil
        vim.api.nvim_feedkeys(vim.keycode('<C-y>'), 'n', false)
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
