-- Types many queries into Neovim on a terminal screen, accepts the first paper of each and types on. The line has to be
-- what the server ranks first, and the cursor behind it.
--   nvim --clean --headless -l queries.lua SOCKET EXPECTED DELAY PART PARTS NAME
-- SOCKET is that of the Neovim to type into, EXPECTED what expected.mjs has written. One part of the queries is typed.
local socket, file, delay, part, parts, name = unpack(arg)
local expected = vim.json.decode(table.concat(vim.fn.readfile(file), '\n'))
local editor = vim.fn.sockconnect('pipe', socket, { rpc = true })
local problems, told = {}, {}

local function ask(method, ...)
  return vim.rpcrequest(editor, method, ...)
end

local function wait_for(milliseconds, condition)
  return vim.wait(milliseconds, condition, 20)
end

local function type_keys(text)
  for _, position in ipairs(vim.fn.range(vim.fn.strchars(text))) do
    local key = vim.fn.strcharpart(text, position, 1)
    ask('nvim_input', key == '<' and '<lt>' or key)
    vim.wait(tonumber(delay))
  end
end

local function popup()
  return ask('nvim_call_function', 'pumvisible', {}) == 1
end

local function start(query)
  ask('nvim_input', '<Esc>')
  wait_for(10000, function()
    return ask('nvim_get_mode').mode == 'n'
  end)
  ask('nvim_buf_set_lines', 0, 0, -1, false, { '' })
  ask('nvim_input', 'A')
  type_keys('[[' .. query)
end

local function line()
  return ask('nvim_get_current_line')
end

local function without_brackets(text)
  return (text:gsub('[%[%]()]', ''))
end

local function problem_of(query, citation)
  start(query)
  if not wait_for(10000, popup) then
    return ('no list for "%s"'):format(query)
  end
  ask('nvim_input', '<C-y>')
  wait_for(10000, function()
    return line():find(']]', 1, true) and not popup() and ask('nvim_win_get_cursor', 0)[2] == #line()
  end)
  ask('nvim_input', ' and')
  wait_for(10000, function()
    return line():find(' and', 1, true)
  end)
  if line() ~= citation .. ' and' then
    return ('"%s" gives "%s", not "%s and"'):format(query, line(), citation)
  end
  ask('nvim_input', '<Esc>u')
  -- A mapping that closes brackets parts what is undone, so that the beginning of the query may be left.
  local function is_undone()
    return vim.startswith(without_brackets(query), without_brackets(line()))
  end
  wait_for(10000, is_undone)
  return not is_undone() and ('undo leaves "%s"'):format(line()) or nil
end

-- The first list comes when the papers are read.
for _ = 1, 12 do
  start('orca')
  if wait_for(5000, popup) then
    break
  end
end
for number, row in ipairs(expected) do
  if number % tonumber(parts) == tonumber(part) then
    local first = problem_of(row[1], row[2])
    local second = first and problem_of(row[1], row[2])
    table.insert(told, first)
    table.insert(problems, second)
  end
end
local result = #problems == 0 and 'ok  ' or 'FAIL'
local details = #problems == 0 and '' or ': ' .. table.concat(problems, '; ')
if #told > 0 then
  details = details .. (' (second try for %d; at first: %s)'):format(#told, table.concat(told, '; '))
end
io.stdout:write(('%s neovim: %s%s\n'):format(result, name, details))
os.exit(#problems == 0 and 0 or 1)
