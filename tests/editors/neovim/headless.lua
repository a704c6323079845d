-- Checks without a screen: nvim --clean --headless -u init.lua note.md +'luafile headless.lua'
-- IBID_TEST_CHECKS names the group to run. Each check prints one line: "ok" or "FAIL", and its name.
local failed = false

local function check(name, run)
  local fine, message = pcall(run)
  failed = failed or not fine
  local start = vim.env.IBID_TEST_START and (' (' .. vim.env.IBID_TEST_START .. ')') or ''
  io.stdout:write(('\n%s neovim: %s%s%s\n'):format(
    fine and 'ok  ' or 'FAIL',
    name,
    start,
    fine and '' or ': ' .. tostring(message)
  ))
  return fine
end

-- The condition may itself wait for an answer of the server, which `vim.wait` would not allow.
local function wait_for(what, condition)
  for _ = 1, 200 do
    if condition() then
      return
    end
    vim.wait(100)
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
  local answers = assert(vim.lsp.buf_request_sync(0, method, params, 20000))
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

function groups.pure()
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
  check('options that the user made are kept', function()
    wait_for('the client', function()
      return client() and client().initialized
    end)
    assert(vim.go.completeopt == 'menu,popup' or vim.go.completeopt == 'menu,preview', vim.go.completeopt)
    contains(vim.bo.completeopt, 'noinsert')
  end)
end

local fine, message = pcall(groups[vim.env.IBID_TEST_CHECKS])
if not fine then
  check('the checks run', function()
    error(message)
  end)
end
vim.cmd(failed and 'cquit 1' or 'qall!')
