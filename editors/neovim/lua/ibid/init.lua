--- Sets up the ibid language server.
local M = {}

--- The release that the plug-in belongs to. A program of another one may know other requests.
M.version = '0.1.0'

---@class ibid.Options
---@field cmd? string[] Command that starts the server, `{ 'ibid', 'lsp' }` unless given.
---@field filetypes? string[] File types of notes and of corpus files.
---@field settings? table The keys of ibid.toml, such as `{ hover = { abstract_chars = 600 } }`; they win over the file.
---@field completion? boolean The popup while a citation is typed; nil means on, unless nvim-cmp or blink.cmp is loaded.

---@type ibid.Options
M.options = {}

local started_by_setup = false

--- The client configuration as it stands: lsp/ibid.lua with the user's changes.
---@return table
function M.config()
  return vim.lsp.config.ibid or {}
end

--- Configures the server and starts it for notes. Not needed where `vim.lsp.enable('ibid')` is called.
---@param options? ibid.Options
function M.setup(options)
  M.options = options or {}
  if not M.is_supported() then
    return
  end
  started_by_setup = true
  vim.lsp.config('ibid', {
    cmd = M.options.cmd,
    filetypes = M.options.filetypes,
    settings = M.options.settings and { ibid = M.options.settings },
  })
  vim.lsp.enable('ibid')
end

--- Whether this Neovim is new enough; where it is not, the user is informed.
---@return boolean
function M.is_supported()
  local supported = vim.fn.has('nvim-0.11') == 1
  if not supported then
    local message = 'ibid: Neovim 0.11 or later is needed; this is ' .. tostring(vim.version())
    vim.schedule(function()
      vim.notify_once(message, vim.log.levels.ERROR)
    end)
  end
  return supported
end

--- Whether notes are meant to be served, by `setup` or by `vim.lsp.enable('ibid')`.
---@return boolean
function M.is_enabled()
  return started_by_setup or (vim.lsp.is_enabled ~= nil and vim.lsp.is_enabled('ibid'))
end

--- Whether a buffer is a note, and not a corpus file.
---@param buffer integer
---@return boolean
function M.is_note(buffer)
  local language = M.config().get_language_id
  return language == nil or language(buffer, vim.bo[buffer].filetype) == 'markdown'
end

--- The server's executable, or nil where it is not installed or the command is a function.
---@return string? executable
---@return string wanted What was looked for.
function M.executable()
  local command = M.config().cmd
  local wanted = type(command) == 'table' and command[1] or 'ibid'
  local found = vim.fn.exepath(wanted)
  return found ~= '' and found or nil, wanted
end

local TO_NAME = "name it: require('ibid').setup({ cmd = { '/path/to/ibid', 'lsp' } }). See :help ibid-install"

-- An error message inside an autocommand would break off the ones after it.
local function tell(message, ...)
  local text = ('ibid: ' .. message):format(...)
  vim.schedule(function()
    vim.notify_once(text, vim.log.levels.ERROR)
  end)
end

local asked = {}

-- Another program ends at once, or says nothing for ever, and Neovim does not say why.
local function tell_if_other(executable)
  if asked[executable] then
    return
  end
  asked[executable] = true
  vim.system({ executable, '--version' }, { text = true, timeout = 10000 }, function(result)
    local answer = vim.trim(result.stdout ~= '' and result.stdout or result.stderr or '')
    if answer:find('^ibid v?%d') or result.code == 124 then
      return
    end
    local line = answer:match('[^\n]*'):sub(1, 80)
    local said = line == '' and 'it does not say its version' or ("asked for its version, it says '%s'"):format(line)
    tell("'%s' is not the program ibid: %s. Install ibid, or %s", executable, said, TO_NAME)
  end)
end

-- Neovim passes over a server that is not installed without a word.
local function tell_if_missing()
  if type(M.config().cmd) == 'function' then
    return
  end
  local executable, wanted = M.executable()
  if executable then
    tell_if_other(executable)
  else
    tell("cannot run '%s': no such program. Install ibid and see that it is on your PATH, or %s", wanted, TO_NAME)
  end
end

--- Looks after a buffer whose file type was set: says when Neovim is too old, or the server missing or another program.
---@param buffer integer
function M.on_filetype(buffer)
  if vim.bo[buffer].filetype == 'markdown' and not M.is_supported() then
    return
  end
  local config = M.is_enabled() and M.config()
  if not config or vim.bo[buffer].buftype ~= '' then
    return
  end
  if vim.tbl_contains(config.filetypes or {}, vim.bo[buffer].filetype) then
    tell_if_missing()
  end
end

--- Runs `ibid doctor` for the workspace of a buffer.
---@param buffer integer
---@return { code: integer, text: string }? # nil where ibid is not installed.
function M.doctor(buffer)
  local executable = M.executable()
  if not executable then
    return nil
  end
  local client = vim.lsp.get_clients({ name = 'ibid', bufnr = buffer })[1] or vim.lsp.get_clients({ name = 'ibid' })[1]
  local root = client and (client.root_dir or client.config.root_dir) or vim.fn.getcwd()
  local command = { executable, 'doctor', '--root', root }
  local result = vim.system(command, { text = true, env = { NO_COLOR = '1' } }):wait(30000)
  return { code = result.code, text = vim.trim((result.stdout or '') .. (result.stderr or '')) }
end

return M
