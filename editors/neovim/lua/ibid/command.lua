--- The command `:Ibid` and what its words do.
local papers = require('ibid.papers')
local server = require('ibid.server')

local M = {}

local FILETYPES = { bibtex = 'bib', ['csl-json'] = 'json', markdown = 'markdown' }
local FORMATS = { 'bibtex', 'csl-json', 'markdown' }
local QUICKFIX_TYPES = { 'E', 'W', 'I', 'N' }

-- The client and the number of the current buffer, which has to be one that the server serves.
local function served()
  local buffer = vim.api.nvim_get_current_buf()
  return server.client(buffer, true), buffer
end

-- Shows places as a list, with what is said of each.
local function show_list(title, locations, encoding)
  local items = vim.lsp.util.locations_to_items(locations, encoding)
  for _, item in ipairs(items) do
    local place = item.user_data
    item.text = place.message or item.text
    item.type = place.severity and QUICKFIX_TYPES[place.severity] or nil
    item.user_data = nil
  end
  vim.fn.setqflist({}, ' ', { title = title, items = items })
  vim.cmd('botright copen')
end

-- Calls back with the paper under the cursor, or else with one that the user finds.
local function cited_or_found(client, prompt, on_paper)
  papers.at_cursor(client, function(paper)
    if paper then
      on_paper(paper)
    else
      papers.find(client, '', prompt, on_paper)
    end
  end)
end

local function open_literature_note(note)
  if note then
    vim.cmd.edit(vim.fn.fnameescape(vim.uri_to_fname(note.uri)))
    if note.created and vim.bo.modified then
      -- The server has made it as an edit, which is not on the disk yet; nor may its folder be.
      vim.cmd('silent write ++p')
    end
  end
end

local subcommands = {}

function subcommands.find(query)
  local client = server.client(0)
  if client then
    papers.find(client, query, 'Find paper', function(paper)
      papers.open_entry(client, paper)
    end)
  end
end

function subcommands.insert(query)
  local client = server.client(0)
  if not client then
    return
  end
  local place = papers.place()
  if query == '' then
    query = require('ibid.completion').query((papers.around(place))) or ''
  end
  papers.find(client, query, 'Insert citation', function(paper)
    papers.insert(place, paper)
  end)
end

function subcommands.related()
  local client, buffer = served()
  if not client then
    return
  end
  cited_or_found(client, 'Related to which paper?', function(to)
    server.ask(client, 'ibid/related', { data = to.data }, buffer, function(related)
      papers.choose('Related to ' .. to.title, related or {}, 'no paper is like this one', function(paper)
        papers.open_entry(client, paper)
      end)
    end)
  end)
end

function subcommands.refs()
  local client = served()
  if client and not client.server_capabilities.referencesProvider then
    server.notify('the server does not know where papers are cited. Update the program ibid', vim.log.levels.ERROR)
  elseif client then
    vim.lsp.buf.references()
  end
end

function subcommands.note()
  local client, buffer = served()
  if client then
    cited_or_found(client, 'Literature note about which paper?', function(paper)
      server.execute(client, 'ibid.createLiteratureNote', { data = paper.data }, buffer, open_literature_note)
    end)
  end
end

function subcommands.open()
  local client = served()
  if client then
    cited_or_found(client, 'Open the page of which paper?', papers.open_page)
  end
end

function subcommands.references()
  local client, buffer = served()
  if client then
    local argument = { textDocument = server.document(buffer) }
    -- The answer is an edit, which Neovim has made by then.
    server.execute(client, 'ibid.insertReferences', argument, buffer, function() end)
  end
end

function subcommands.annotations()
  local client, buffer = served()
  if client then
    local argument = { textDocument = server.document(buffer) }
    server.execute(client, 'ibid.insertAnnotations', argument, buffer, function() end)
  end
end

function subcommands.trust()
  local client, buffer = served()
  if client then
    server.execute(client, 'ibid.trust', vim.empty_dict(), buffer, function(done)
      server.notify(done)
    end)
  end
end

local function export(client, buffer, format)
  local params = { textDocument = server.document(buffer), to = format }
  server.ask(client, 'ibid/export', params, buffer, function(exported)
    local target = vim.api.nvim_create_buf(true, true)
    vim.api.nvim_buf_set_lines(target, 0, -1, false, vim.split(exported.text, '\n'))
    vim.cmd.split()
    vim.api.nvim_win_set_buf(0, target)
    vim.bo[target].filetype = FILETYPES[format]
    if #exported.problems > 0 then
      server.notify(table.concat(exported.problems, '\n'), vim.log.levels.WARN)
    end
  end)
end

function subcommands.export(format)
  local client, buffer = served()
  if not client then
    return
  end
  if FILETYPES[format] then
    export(client, buffer, format)
  elseif format ~= '' then
    local message = ("cannot export to '%s'; there are %s"):format(format, table.concat(FORMATS, ', '))
    server.notify(message, vim.log.levels.ERROR)
  else
    vim.ui.select(FORMATS, { prompt = 'Export the citations of this note as' }, function(chosen)
      if chosen then
        export(client, buffer, chosen)
      end
    end)
  end
end

function subcommands.check()
  local client = server.client(0)
  if not client then
    return
  end
  server.ask(client, 'ibid/check', vim.empty_dict(), vim.api.nvim_get_current_buf(), function(notes)
    local places = {}
    for _, note in ipairs(notes or {}) do
      for _, finding in ipairs(note.diagnostics) do
        local place = { uri = note.uri, range = finding.range, message = finding.message, severity = finding.severity }
        table.insert(places, place)
      end
    end
    if #places == 0 then
      server.notify('nothing is wrong in any note')
    else
      show_list('ibid check', places, client.offset_encoding)
    end
  end)
end

--- Runs `:Ibid` with its words.
---@param arguments string What follows the command.
function M.run(arguments)
  if not require('ibid').is_supported() then
    return
  end
  local name, rest = arguments:match('^%s*(%S+)%s*(.-)%s*$')
  local run = name and subcommands[name]
  if run then
    run(rest)
  else
    local names = vim.tbl_keys(subcommands)
    table.sort(names)
    server.notify(("no command '%s'; there are %s"):format(name or '', table.concat(names, ', ')), vim.log.levels.ERROR)
  end
end

--- Completes the words of `:Ibid`.
---@param lead string What has been typed of the word.
---@param line string The command line.
---@return string[]
function M.complete(lead, line)
  local typed = line:match('Ibid!?%s+(.*)$') or ''
  local choices = {}
  if not typed:find('%s') then
    choices = vim.tbl_keys(subcommands)
  elseif typed:match('^export%s+%S*$') then
    choices = vim.deepcopy(FORMATS)
  end
  table.sort(choices)
  return vim.tbl_filter(function(choice)
    return vim.startswith(choice, lead)
  end, choices)
end

--- Registers the commands that the server's code lenses and code actions carry.
function M.register_lsp_commands()
  vim.lsp.commands['ibid.showReferences'] = function(command, context)
    local client = assert(vim.lsp.get_client_by_id(context.client_id))
    show_list('ibid: ' .. (command.title or 'references'), command.arguments[3] or {}, client.offset_encoding)
  end
  vim.lsp.commands['ibid.createLiteratureNote'] = function(command, context)
    local client = assert(vim.lsp.get_client_by_id(context.client_id))
    local argument = command.arguments[1]
    server.execute(client, command.command, argument, context.bufnr or 0, open_literature_note)
  end
end

return M
