--- `:checkhealth ibid`
local M = {}

local health = vim.health

local function is_supported()
  if vim.fn.has('nvim-0.11') == 1 then
    health.ok('Neovim ' .. tostring(vim.version()))
    return true
  end
  health.error('Neovim 0.11 or later is needed; this is ' .. tostring(vim.version()))
  return false
end

-- A patch release changes nothing between the program and the plug-in: the first two numbers count.
local function check_release(version, answer)
  local own = version:match('^%d+%.%d+')
  local other = answer:match('^ibid (%d+%.%d+)')
  if not other then
    health.warn('It does not say that it is ibid', { 'Is there another program of this name on your PATH?' })
  elseif other ~= own then
    local advice = { 'Bring the program and the plug-in to the same release.' }
    health.warn(('The program is of release %s, the plug-in of %s'):format(other, own), advice)
  end
end

local function check_executable(ibid)
  local executable, wanted = ibid.executable()
  if not executable then
    health.error(("'%s' is not an executable program"):format(wanted), {
      'Install ibid and see that it is on your PATH (:echo $PATH).',
      "Or name it: require('ibid').setup({ cmd = { '/path/to/ibid', 'lsp' } })",
    })
    return
  end
  local result = vim.system({ executable, '--version' }, { text = true }):wait(5000)
  if result.code == 0 then
    health.ok(('%s: %s'):format(executable, vim.trim(result.stdout)))
    check_release(ibid.version, result.stdout)
  else
    health.error(('%s --version failed with status %d'):format(executable, result.code), { result.stderr or '' })
  end
end

local function check_clients(ibid)
  if not ibid.is_enabled() then
    health.info("Not enabled: call require('ibid').setup() or vim.lsp.enable('ibid')")
  end
  local clients = vim.lsp.get_clients({ name = 'ibid' })
  if #clients == 0 then
    health.info('No client is running. Open a Markdown note and look again.')
  end
  for _, client in ipairs(clients) do
    health.ok(('Client %d serves %d buffer(s)'):format(client.id, vim.tbl_count(client.attached_buffers)))
    health.info('Root: ' .. (client.root_dir or client.config.root_dir or 'none (a single file)'))
    health.info('Position encoding: ' .. client.offset_encoding)
  end
  health.info('Completion popup: ' .. (require('ibid.completion').is_wanted() and 'on' or 'off'))
end

local function check_doctor(ibid)
  local report = ibid.doctor(0)
  if not report then
    health.info('ibid is not installed')
    return
  end
  local summary = report.text ~= '' and report.text or 'no output'
  if report.code == 0 then
    health.ok('ibid doctor found nothing wrong\n' .. summary)
  elseif report.code == 1 then
    health.warn('ibid doctor found problems\n' .. summary)
  else
    health.error(('ibid doctor failed with status %d\n%s'):format(report.code, summary))
  end
end

--- Reports on Neovim, the program, the running clients and what `ibid doctor` sees.
function M.check()
  local ibid = require('ibid')
  health.start('ibid: Neovim')
  if not is_supported() then
    return
  end
  health.start('ibid: program')
  check_executable(ibid)
  health.start('ibid: clients')
  check_clients(ibid)
  health.start('ibid: workspace')
  check_doctor(ibid)
end

return M
