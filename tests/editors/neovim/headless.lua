-- Checks without a screen: nvim --clean --headless -u init.lua note.md +'luafile headless.lua'
-- IBID_TEST_CHECKS names the group to run. Each check prints one line: "ok" or "FAIL", and its name.
local failed = false

-- A check that fails is tried once more, and its line says so.
local function check(name, run)
  local fine, first = pcall(run)
  local details = ''
  if not fine then
    local second
    fine, second = pcall(run)
    details = fine and (' (second try; at first: %s)'):format(first) or (': %s (at first: %s)'):format(second, first)
  end
  failed = failed or not fine
  local start = vim.env.IBID_TEST_START and (' (' .. vim.env.IBID_TEST_START .. ')') or ''
  local line = ('%s neovim: %s%s%s'):format(fine and 'ok  ' or 'FAIL', name, start, details)
  io.stdout:write('\n' .. line:gsub('%s*\n%s*', ' ') .. '\n')
end

-- The condition may itself wait for an answer of the server, which `vim.wait` would not allow.
local function wait_for(what, condition)
  local finish = vim.uv.now() + 60000
  while vim.uv.now() < finish do
    if condition() then
      return
    end
    vim.wait(100)
    vim.uv.update_time()
  end
  error('waited in vain for ' .. what)
end

local function contains(text, part)
  assert(text:find(part, 1, true), ('no %q in: %s'):format(part, text))
end

local function client()
  return vim.lsp.get_clients({ name = 'ibid', bufnr = 0 })[1]
end

local function cursor_to(text)
  vim.cmd('normal! gg0')
  assert(vim.fn.search('\\V' .. text, 'cW') > 0, text)
  vim.cmd('normal! 3l')
end

local function request(method)
  local params = vim.lsp.util.make_position_params(0, client().offset_encoding)
  local answers = assert(vim.lsp.buf_request_sync(0, method, params, 60000))
  local answer = answers[client().id]
  assert(answer and not answer.err, vim.inspect(answer))
  return answer.result
end

-- The card of Orca. The first answers may come before the corpus is read.
local function card()
  local text
  cursor_to('[[Orca]]')
  wait_for('the card', function()
    local result = client() and client().initialized and request('textDocument/hover')
    text = result and (result.contents.value or vim.inspect(result.contents))
    return text
  end)
  return text
end

local groups = {}

function groups.server()
  check('the client attaches, at the root', function()
    wait_for('the client', function()
      return client() and client().initialized
    end)
    local root = client().root_dir or client().config.root_dir
    assert(root and vim.uv.fs_realpath(root) == vim.uv.fs_realpath(vim.fn.getcwd()), 'root is ' .. tostring(root))
  end)
  check('hover shows the title and the abstract', function()
    local text = card()
    contains(text, 'Progressive Learning from Complex Explanation Traces of GPT')
    contains(text, 'thirteen billion parameters')
  end)
  check('ibid.toml holds where the editor says nothing', function()
    local text = card()
    assert(not text:find('lags behind', 1, true), text)
  end)
  check('definition jumps to the title line', function()
    cursor_to('[[Orca]]')
    vim.lsp.buf.definition()
    wait_for('papers.txt', function()
      return vim.fn.expand('%:t') == 'papers.txt'
    end)
    contains(vim.api.nvim_get_current_line(), 'Orca: Progressive Learning')
    vim.cmd('buffer note.md')
  end)
  check(':checkhealth ibid has no errors', function()
    vim.cmd('checkhealth ibid')
    local report = table.concat(vim.api.nvim_buf_get_lines(0, 0, -1, false), '\n')
    assert(not report:find('ERROR') and not report:find('Failed to run'), report)
    contains(report, 'Position encoding: ')
    contains(report, 'ibid doctor found')
    contains(report, 'Root: ')
  end)
end

function groups.settings()
  check('the settings of the editor win over ibid.toml', function()
    contains(card(), 'lags behind')
  end)
end

function groups.missing()
  check('a missing program is named, with what to do', function()
    local messages
    wait_for('the message', function()
      messages = vim.fn.execute('messages')
      return messages:find('ibid', 1, true)
    end)
    contains(messages, "cannot run '" .. vim.env.IBID_BIN .. "'")
    contains(messages, ':help ibid-install')
  end)
  check(':checkhealth ibid says that the program is missing', function()
    vim.cmd('checkhealth ibid')
    contains(table.concat(vim.api.nvim_buf_get_lines(0, 0, -1, false), '\n'), 'is not an executable program')
  end)
end

function groups.other()
  check('a program that is not ibid is named, with what it says', function()
    local messages
    wait_for('the message', function()
      messages = vim.fn.execute('messages')
      return messages:find('is not the program ibid', 1, true)
    end)
    contains(messages, "'" .. vim.env.IBID_BIN .. "' is not the program ibid: asked for its version, it says '")
    contains(messages, ':help ibid-install')
  end)
end

function groups.pure()
  check('the cursor passes over what closes a citation', function()
    local behind = require('ibid.completion').behind
    for _, row in ipairs({
      { 'orc', 'See [[Orca', ']] x', 0, 2 },
      { 'orc', 'See [[Orca]', '] x', 0, 1 },
      { 'orc', 'See [[Orca]]', ' x', 0, 0 },
      { 'orc', 'See [[Orca', '|label]]', 0, 0 },
      { 'deep (re', '[[Deep', ')]]', 1, 2 },
      { 'deep (re)', '[[Deep', ']]', 0, 2 },
      { 'a ("b', '[[A', '")]] x', 2, 2 },
      { 'orc', '([[Orca]]', ')', 0, 0 },
      { 'a (b', '[[A', ') b]]', 0, 0 },
    }) do
      local removed, passed = behind(row[1], row[2], row[3])
      assert(removed == row[4] and passed == row[5], vim.inspect({ row, removed, passed }))
    end
  end)
  check('an item of the list before is recognised', function()
    local fits = require('ibid.completion').is_offered_for
    local item = { filterText = 'orca 2 Orca 2: Teaching', textEdit = {} }
    local queries = { ['orca 2'] = true, [' orca 2'] = true, ['orca'] = true, ['orca 2 t'] = false, ['phi'] = false }
    for query, fitting in pairs(queries) do
      assert(fits(item, query) == fitting, query)
    end
  end)
  check('an open citation is recognised', function()
    local query = require('ibid.completion').query
    local expected = {
      ['[['] = '',
      ['see [[Orc'] = 'Orc',
      ['[[a]] and [[prog learn'] = 'prog learn',
      ['🦀 [[Orc'] = 'Orc',
      ['[@smi'] = 'smi',
      ['[@a; @b'] = 'b',
      ['[-@k.x/y'] = 'k.x/y',
      ['@'] = '',
      ['see @key'] = 'key',
    }
    for before, wanted in pairs(expected) do
      assert(query(before) == wanted, ('%q gives %s'):format(before, vim.inspect(query(before))))
    end
    for _, before in ipairs({ '', 'text', '[', '[[Orca]]', '[[Orca]', 'me@example.org', '@key, p' }) do
      assert(query(before) == nil, ('%q gives %s'):format(before, vim.inspect(query(before))))
    end
  end)
  check('a citation takes the place of one that is open', function()
    local edited = function(line, paper)
      local before, after = line:match('^(.*)|(.*)$')
      local first, last, text = require('ibid.papers').citation_edit(before, after, paper)
      local whole = before .. after
      return whole:sub(1, first) .. text .. whole:sub(last + 1)
    end
    local expected = {
      ['see | there'] = 'see [[Orca]] there',
      ['see [[|'] = 'see [[Orca]]',
      ['see [[prog learn|]] there'] = 'see [[Orca]] there',
      ['see [[LoRA]] [[Or|ka]] there'] = 'see [[LoRA]] [[Orca]] there',
      ['![[| and [[LoRA]]'] = '![[Orca]] and [[LoRA]]',
      ['[@muk|; @other]'] = '[@mukherjee2023; @other]',
    }
    for line, wanted in pairs(expected) do
      local got = edited(line, { citation = '[[Orca]]', key = 'mukherjee2023' })
      assert(got == wanted, ('%q gives %q'):format(line, got))
    end
    assert(edited('see @|', { citation = '[[Orca]]' }) == 'see [[Orca]]')
  end)
  check('options that the user made are kept', function()
    wait_for('the client', function()
      return client() and client().initialized
    end)
    assert(vim.go.completeopt == 'menu,popup' or vim.go.completeopt == 'menu,preview', vim.go.completeopt)
    contains(vim.bo.completeopt, 'noinsert')
  end)
end

-- In an old Neovim, or in one that says it is old.
function groups.old()
  local message = 'ibid: Neovim 0.11 or later is needed; this is ' .. tostring(vim.version())
  local told = {}
  vim.notify_once = function(text)
    told[text] = true
  end
  if vim.fn.has('nvim-0.11') == 1 then
    vim.fn.has = function(feature)
      return feature:find('^nvim%-0%.1[1-9]$') and 0 or 1
    end
  end
  for what, run in pairs({
    ['setup'] = function()
      require('ibid').setup({})
    end,
    ['a note'] = function()
      vim.cmd('edit! survey.md | set filetype=markdown')
    end,
    [':Ibid'] = function()
      vim.cmd('Ibid find models')
    end,
  }) do
    check('an old Neovim is told so, by ' .. what, function()
      told = {}
      run()
      wait_for('the sentence', function()
        return next(told)
      end)
      assert(vim.deep_equal(vim.tbl_keys(told), { message }), vim.inspect(told))
    end)
  end
end

-- Makes the choices of a user: in a list the first item that has a text, to a question an answer.
local function choosing(text, answer)
  local seen = {}
  vim.ui.select = function(items, options, on_choice)
    seen.prompt, seen.shown = options.prompt, vim.tbl_map(options.format_item or tostring, items)
    for index, item in ipairs(items) do
      if seen.shown[index]:find(text, 1, true) then
        on_choice(item, index)
        return
      end
    end
    on_choice(nil)
  end
  vim.ui.input = function(options, on_confirm)
    seen.question = options.prompt
    on_confirm(answer)
  end
  return seen
end

-- What the user reads.
local function notices()
  local told = {}
  vim.notify = function(message)
    table.insert(told, message)
  end
  return told
end

local function edit(name)
  vim.cmd('silent edit! ' .. name)
  wait_for('the client', function()
    return client() and client().initialized
  end)
end

local function document_symbols()
  local params = { textDocument = vim.lsp.util.make_text_document_params(0) }
  local answers = vim.lsp.buf_request_sync(0, 'textDocument/documentSymbol', params, 60000)
  return answers and answers[client().id] and answers[client().id].result
end

local function wait_for_line(part)
  wait_for(part, function()
    return vim.api.nvim_get_current_line():find(part, 1, true)
  end)
end

local function screen_line(row)
  return vim.api.nvim_buf_get_lines(0, row - 1, row, false)[1]
end

function groups.commands()
  edit('note.md')
  card()
  check(':Ibid find lists papers, best first, and jumps to the entry', function()
    local seen = choosing('Textbooks')
    vim.cmd('Ibid find models')
    wait_for_line('Textbooks Are All You Need')
    assert(vim.fn.expand('%:t') == 'papers.txt')
    -- What the notes cite comes first within a kind of match.
    contains(seen.shown[1], '8 authors 2021 · LoRA: Low-Rank Adaptation of Large Language Models')
    assert(#seen.shown == 6, vim.inspect(seen.shown))
  end)
  check(':Ibid find asks for words, and works in a corpus file', function()
    local seen = choosing('Orca', 'prog learn')
    vim.cmd('Ibid find')
    wait_for_line('Orca: Progressive')
    assert(seen.question:find('words', 1, true), seen.question)
  end)
  check(':Ibid insert writes a citation behind the cursor', function()
    edit('scratch.md')
    vim.api.nvim_buf_set_lines(0, 0, -1, false, { 'See é' })
    vim.cmd('normal! $')
    choosing('LoRA: Low')
    vim.cmd('Ibid insert lora')
    wait_for_line('See é[[LoRA]]')
  end)
  check(':Ibid insert completes open brackets, and doubles none', function()
    vim.api.nvim_buf_set_lines(0, 0, -1, false, { 'See [[tool]] there' })
    vim.api.nvim_win_set_cursor(0, { 1, 9 })
    choosing('Toolformer')
    vim.cmd('Ibid insert')
    wait_for_line('See [[Toolformer]] there')
    assert(screen_line(1) == 'See [[Toolformer]] there', screen_line(1))
  end)
  check(':Ibid related lists papers like the one under the cursor', function()
    edit('survey.md')
    cursor_to('[[Orca]]')
    local seen = choosing('Textbooks')
    vim.cmd('Ibid related')
    wait_for_line('Textbooks Are All You Need')
    contains(seen.prompt, 'Related to Orca: Progressive')
    assert(not table.concat(seen.shown, '\n'):find('Orca', 1, true), vim.inspect(seen.shown))
  end)
  check(':Ibid open says when a paper has no page', function()
    edit('survey.md')
    cursor_to('[[Orca]]')
    local told = notices()
    vim.cmd('Ibid open')
    wait_for('the notice', function()
      return #told > 0
    end)
    contains(told[1], 'no page is known')
  end)
  check(':Ibid completes its words', function()
    assert(vim.deep_equal(vim.fn.getcompletion('Ibid re', 'cmdline'), { 'references', 'refs', 'related' }))
    assert(vim.deep_equal(vim.fn.getcompletion('Ibid export c', 'cmdline'), { 'csl-json' }))
  end)
  check(':Ibid says what it does not know', function()
    local told = notices()
    vim.cmd('Ibid fnid')
    contains(told[1], "no command 'fnid'; there are annotations, check, export, find")
  end)
  check('the papers of a corpus file are its symbols', function()
    edit('papers.txt')
    local symbols
    wait_for('the symbols', function()
      symbols = document_symbols()
      return symbols and #symbols == 6
    end)
    contains(symbols[1].name, 'Orca')
  end)
  check('a misspelt name is reported', function()
    edit('survey.md')
    wait_for('the finding', function()
      return #vim.diagnostic.get(0) == 1
    end)
    contains(vim.diagnostic.get(0)[1].message, 'Toolformer')
  end)
  check('places of a code lens fill the quickfix list', function()
    local uri = vim.uri_from_bufnr(0)
    local range = { start = { line = 2, character = 30 }, ['end'] = { line = 2, character = 38 } }
    local lens = { title = 'cited once', command = 'ibid.showReferences' }
    lens.arguments = { uri, range.start, { { uri = uri, range = range } } }
    vim.lsp.commands['ibid.showReferences'](lens, { client_id = client().id, bufnr = 0 })
    local list = vim.fn.getqflist()
    assert(#list == 1 and list[1].lnum == 3 and list[1].col == 31, vim.inspect(list))
    vim.cmd('cclose')
  end)
end

local function all_lines()
  return table.concat(vim.api.nvim_buf_get_lines(0, 0, -1, false), '\n')
end

-- The folder names a style that lies outside of it, and prints titles in capitals.
local function wait_for_list(part)
  wait_for(part, function()
    vim.cmd('Ibid references')
    vim.wait(2000, function()
      return all_lines():find(part, 1, true)
    end)
    return all_lines():find(part, 1, true)
  end)
end

function groups.trust()
  local seen = choosing('nothing of these')
  check('what an untrusted folder may not have is told', function()
    wait_for('the question', function()
      return seen.prompt
    end)
    contains(seen.prompt, 'leads out of this folder, which is not trusted')
    wait_for_list('*A Compiler*')
  end)
  check(':Ibid trust says what it did, and the style applies', function()
    local told = notices()
    vim.cmd('Ibid trust')
    wait_for('the notice', function()
      return #told > 0
    end)
    contains(told[1], vim.uv.fs_realpath(vim.fn.getcwd()))
    wait_for_list('A COMPILER!')
  end)
end

groups['trust-button'] = function()
  local seen = choosing('Trust this folder')
  check('the button of the question trusts the folder', function()
    wait_for('the question', function()
      return seen.prompt
    end)
    wait_for_list('A COMPILER!')
  end)
end

-- Checks of what only newer servers can do, by the names that IBID_TEST_FEATURES has for it.
function groups.unknown()
  edit('note.md')
  card()
  check('a command that the server does not know yet says so', function()
    local told = notices()
    vim.cmd('Ibid check')
    wait_for('the notice', function()
      return #told > 0
    end)
    contains(told[1], "does not know 'ibid/check'")
  end)
end

groups['check'] = function()
  edit('note.md')
  card()
  check(':Ibid check lists the findings of all notes', function()
    local names = {}
    local is_listed = pcall(wait_for, 'the findings', function()
      vim.cmd('cclose')
      -- The list of the time before says nothing of this one.
      vim.fn.setqflist({}, ' ', { title = 'none', items = {} })
      vim.cmd('silent! Ibid check')
      vim.wait(5000, function()
        return vim.fn.getqflist({ title = 0 }).title == 'ibid check'
      end)
      names = vim.tbl_map(function(item)
        return vim.fn.fnamemodify(vim.fn.bufname(item.bufnr), ':t') .. ': ' .. item.text
      end, vim.fn.getqflist())
      return #names >= 2
    end)
    local all = table.concat(names, '\n')
    assert(is_listed, 'waited in vain for two findings; listed: ' .. all)
    contains(all, 'closed.md: ')
    contains(all, 'survey.md: ')
  end)
end

groups['bib'] = function()
  check('a bibliography has symbols and findings', function()
    edit('library.bib')
    wait_for('the finding', function()
      return #vim.diagnostic.get(0) > 0
    end)
    contains(vim.inspect(document_symbols()), 'tanaka2021kelp')
    assert(not vim.bo.completeopt:find('noinsert', 1, true), 'the popup is for notes')
  end)
  check(':Ibid open opens the page', function()
    local opened
    vim.ui.open = function(url)
      opened = url
    end
    edit('scratch.md')
    vim.api.nvim_buf_set_lines(0, 0, -1, false, { '[[Coral Reefs in Warming Seas]]' })
    vim.cmd('normal! gg05l')
    vim.cmd('Ibid open')
    wait_for('the page', function()
      return opened
    end)
    assert(opened == 'https://doi.org/10.5555/reef.2019.7', opened)
  end)
end

groups['references'] = function()
  edit('survey.md')
  card()
  check(':Ibid refs lists the places that cite a paper', function()
    cursor_to('[[Orca]]')
    vim.cmd('Ibid refs')
    wait_for('the list', function()
      return #vim.fn.getqflist() >= 3 or #vim.fn.getloclist(0) >= 3
    end)
  end)
end

groups['rename'] = function()
  edit('survey.md')
  card()
  check('a refused rename changes nothing, and the sentence is shown alone', function()
    local told = notices()
    local before = vim.api.nvim_buf_get_lines(0, 0, -1, false)
    cursor_to('[[Orca]]')
    vim.lsp.buf.rename('2306.02707')
    wait_for('the refusal', function()
      return #told > 0
    end)
    contains(told[1], 'taken for an identifier')
    assert(not told[1]:find('%-%d%d%d%d%d'), told[1])
    assert(vim.deep_equal(before, vim.api.nvim_buf_get_lines(0, 0, -1, false)))
  end)
  check('a citation is renamed in all notes', function()
    cursor_to('[[LoRA]]')
    vim.lsp.buf.rename('adapters')
    wait_for('the new name', function()
      return screen_line(3):find('adapters', 1, true)
    end)
  end)
end

groups['literature-note'] = function()
  edit('survey.md')
  card()
  check(':Ibid note makes a literature note and opens it', function()
    cursor_to('[[Orca]]')
    vim.cmd('Ibid note')
    wait_for('the note', function()
      return vim.fn.expand('%:e') == 'md' and vim.fn.expand('%:t') ~= 'survey.md'
    end)
    contains(table.concat(vim.fn.readfile(vim.fn.expand('%:p')), '\n'), 'Orca')
  end)
end

groups['reference-list'] = function()
  edit('survey.md')
  card()
  check(':Ibid references writes the reference list', function()
    vim.cmd('Ibid references')
    wait_for('the list', function()
      return table.concat(vim.api.nvim_buf_get_lines(0, 0, -1, false), '\n'):find('Low%-Rank Adaptation')
    end)
  end)
end

groups['export'] = function()
  edit('survey.md')
  card()
  check(':Ibid export writes BibTeX into a new buffer', function()
    vim.cmd('Ibid export bibtex')
    wait_for('the export', function()
      return vim.bo.filetype == 'bib' and screen_line(1):find('^@')
    end)
  end)
end

local fine, message = pcall(groups[vim.env.IBID_TEST_CHECKS])
if not fine then
  check('the checks run', function()
    error(message)
  end)
end
vim.cmd(failed and 'cquit 1' or 'qall!')
