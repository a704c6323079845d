--- Papers to choose from, to cite and to open.
local server = require('ibid.server')

local M = {}

---@class ibid.Paper
---@field title string
---@field byline? string Authors and year in the fewest words; empty where neither is known.
---@field description string Authors, venue and year in a few words.
---@field citation string What to write into a note, such as `[[Orca]]`.
---@field key? string
---@field url? string
---@field location? lsp.Location The paper's entry in a corpus file; nil where a service has the paper.
---@field data any What the server finds the paper by.
---@field ranges? lsp.Range[] The places of a note that cite it.

local LIMIT = 50

--- How a list shows a paper.
---@param paper ibid.Paper
---@return string
function M.format(paper)
  local byline = paper.byline or ''
  return byline == '' and paper.title or ('%s · %s'):format(byline, paper.title)
end

--- Lets the user choose a paper.
---@param prompt string
---@param papers ibid.Paper[]
---@param none string What to say where there are no papers.
---@param on_choice fun(paper: ibid.Paper)
function M.choose(prompt, papers, none, on_choice)
  if #papers == 0 then
    server.notify(none)
    return
  end
  vim.ui.select(papers, { prompt = prompt, kind = 'ibid.paper', format_item = M.format }, function(paper)
    if paper then
      on_choice(paper)
    end
  end)
end

--- Finds papers by words, and lets the user choose one.
---@param client vim.lsp.Client
---@param query string The words; the user is asked for them where they are empty.
---@param prompt string
---@param on_choice fun(paper: ibid.Paper)
function M.find(client, query, prompt, on_choice)
  local buffer = vim.api.nvim_get_current_buf()
  local function search(words)
    server.ask(client, 'ibid/find', { query = words, limit = LIMIT }, buffer, function(papers)
      M.choose(prompt, papers or {}, ("no paper answers to '%s'"):format(words), on_choice)
    end)
  end
  if query ~= '' then
    search(query)
    return
  end
  vim.ui.input({ prompt = prompt .. ' (words): ' }, function(words)
    if words and vim.trim(words) ~= '' then
      search(words)
    end
  end)
end

--- The paper that is cited under the cursor; nil is passed on where there is none.
---@param client vim.lsp.Client
---@param on_paper fun(paper: ibid.Paper?)
function M.at_cursor(client, on_paper)
  local buffer, cursor = vim.api.nvim_get_current_buf(), server.cursor(client)
  server.ask(client, 'ibid/papersInNote', { textDocument = server.document(buffer) }, buffer, function(answer)
    for _, paper in ipairs(answer and answer.cited or {}) do
      for _, range in ipairs(paper.ranges) do
        local first, last = range.start, range['end']
        local after_start = first.line < cursor.line
          or (first.line == cursor.line and first.character <= cursor.character)
        local before_end = last.line > cursor.line
          or (last.line == cursor.line and last.character >= cursor.character)
        if after_start and before_end then
          on_paper(paper)
          return
        end
      end
    end
    on_paper(nil)
  end)
end

--- Jumps to a paper's entry, or opens its page where a service has the paper.
---@param client vim.lsp.Client
---@param paper ibid.Paper
function M.open_entry(client, paper)
  if not paper.location then
    return M.open_page(paper)
  end
  vim.lsp.util.show_document(paper.location, client.offset_encoding, { focus = true, reuse_win = true })
  vim.cmd('normal! zz')
end

--- Opens a paper's page in the browser.
---@param paper ibid.Paper
function M.open_page(paper)
  -- What stands in a corpus is not to be trusted further than the web.
  if not (paper.url and paper.url:lower():find('^https?://')) then
    server.notify(("no page is known of '%s'"):format(paper.title), vim.log.levels.WARN)
    return
  end
  local _, problem = vim.ui.open(paper.url)
  if problem then
    server.notify(problem, vim.log.levels.ERROR)
  end
end

--- The edit that writes a paper's citation at the cursor, in the place of one that is open there.
---@param before string The line up to the cursor.
---@param after string The rest of the line.
---@param paper ibid.Paper
---@return integer first Bytes of the line before the edit.
---@return integer last Bytes of the line up to the edit's end.
---@return string text
function M.citation_edit(before, after, paper)
  local query = require('ibid.completion').query(before)
  if not query then
    return #before, #before, paper.citation
  end
  local opening = before:sub(1, #before - #query)
  if vim.endswith(opening, '@') then
    return #opening - 1, #before, paper.key and '@' .. paper.key or paper.citation
  end
  local closing = after:match('^[^%[%]]*%]%]') or ''
  return #opening - 2, #before + #closing, paper.citation
end

---@class ibid.Place Where a citation goes, kept while the user chooses.
---@field window integer
---@field buffer integer
---@field row integer From 0.
---@field column integer In bytes.
---@field inserting boolean

--- The place of the cursor: before it in Insert mode, behind the character under it in Normal mode, as |p| has it.
---@return ibid.Place
function M.place()
  local row, column = unpack(vim.api.nvim_win_get_cursor(0))
  local inserting = vim.api.nvim_get_mode().mode:sub(1, 1) == 'i'
  if not inserting then
    local rest = vim.api.nvim_get_current_line():sub(column + 1)
    column = column + #vim.fn.strcharpart(rest, 0, 1)
  end
  local window, buffer = vim.api.nvim_get_current_win(), vim.api.nvim_get_current_buf()
  return { window = window, buffer = buffer, row = row - 1, column = column, inserting = inserting }
end

--- The text of a place's line, before and behind it.
---@param place ibid.Place
---@return string before
---@return string after
function M.around(place)
  local line = vim.api.nvim_buf_get_lines(place.buffer, place.row, place.row + 1, false)[1] or ''
  return line:sub(1, place.column), line:sub(place.column + 1)
end

--- Writes a paper's citation, and puts the cursor behind it.
---@param place ibid.Place
---@param paper ibid.Paper
function M.insert(place, paper)
  local before, after = M.around(place)
  local first, last, text = M.citation_edit(before, after, paper)
  vim.api.nvim_buf_set_text(place.buffer, place.row, first, place.row, last, { text })
  if not vim.api.nvim_win_is_valid(place.window) then
    return
  end
  vim.api.nvim_set_current_win(place.window)
  local column = first + #text
  vim.api.nvim_win_set_cursor(place.window, { place.row + 1, place.inserting and column or column - 1 })
  -- The list to choose from has ended Insert mode.
  if place.inserting and vim.api.nvim_get_mode().mode:sub(1, 1) ~= 'i' then
    vim.cmd(column >= #vim.api.nvim_get_current_line() and 'startinsert!' or 'startinsert')
  end
end

return M
