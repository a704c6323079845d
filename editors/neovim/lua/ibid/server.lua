--- Asks the server, and tells the user what went wrong.
local M = {}

local METHOD_NOT_FOUND = -32601
-- Answers to questions that nobody waits for any more.
local WITHDRAWN = { [-32800] = true, [-32801] = true, [-32802] = true }

---@param message string
---@param level? integer
function M.notify(message, level)
  vim.notify('ibid: ' .. message, level or vim.log.levels.INFO)
end

--- The client of a buffer, or else any: papers can be found from everywhere.
---@param buffer integer
---@param own? boolean Whether only the client of the buffer will do.
---@return vim.lsp.Client? # nil where no server can be asked; the user is informed then.
function M.client(buffer, own)
  local client = vim.lsp.get_clients({ name = 'ibid', bufnr = buffer })[1]
  if not client and not own then
    client = vim.lsp.get_clients({ name = 'ibid' })[1]
  end
  if not client then
    local where = own and 'does not serve this buffer' or 'is not running'
    M.notify(('the server %s; open a note. See :checkhealth ibid'):format(where), vim.log.levels.ERROR)
  end
  return client
end

local function explain(method, problem)
  if problem.code == METHOD_NOT_FOUND then
    return ("the server does not know '%s'. Update the program ibid"):format(method)
  end
  return problem.message or vim.inspect(problem)
end

--- Asks the server something. The user is informed where it cannot answer.
---@param client vim.lsp.Client
---@param method string
---@param params table
---@param buffer integer
---@param on_answer fun(answer: any) Called with the answer; nil where the server answers null.
function M.ask(client, method, params, buffer, on_answer)
  local function handler(problem, answer)
    if not problem then
      on_answer(answer ~= vim.NIL and answer or nil)
    elseif not WITHDRAWN[problem.code] then
      M.notify(explain(method, problem), vim.log.levels.ERROR)
    end
  end
  client:request(method, params, handler, buffer)
end

--- Has the server run one of its commands.
---@param client vim.lsp.Client
---@param command string
---@param argument table
---@param buffer integer
---@param on_answer fun(answer: any)
function M.execute(client, command, argument, buffer, on_answer)
  local params = { command = command, arguments = { argument } }
  M.ask(client, 'workspace/executeCommand', params, buffer, on_answer)
end

--- A buffer as requests name it.
---@param buffer integer
function M.document(buffer)
  return { uri = vim.uri_from_bufnr(buffer) }
end

--- The place of the cursor in the current window, as the client counts.
---@param client vim.lsp.Client
---@return { line: integer, character: integer }
function M.cursor(client)
  return vim.lsp.util.make_position_params(0, client.offset_encoding).position
end

return M
