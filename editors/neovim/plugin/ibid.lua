if vim.g.loaded_ibid then
  return
end
vim.g.loaded_ibid = true

local group = vim.api.nvim_create_augroup('ibid', { clear = true })

vim.api.nvim_create_autocmd('FileType', {
  group = group,
  desc = 'ibid: start the server for notes, or say that it is missing',
  callback = function(event)
    require('ibid').on_filetype(event.buf)
  end,
})

vim.api.nvim_create_autocmd('LspAttach', {
  group = group,
  desc = 'ibid: open the completion popup while a citation is typed',
  callback = function(event)
    local client = vim.lsp.get_client_by_id(event.data.client_id)
    if client and client.name == 'ibid' then
      require('ibid.command').register_lsp_commands()
    end
    if client and client.name == 'ibid' and require('ibid').is_note(event.buf) then
      require('ibid.completion').attach(client.id, event.buf)
    end
  end,
})

vim.api.nvim_create_user_command('Ibid', function(command)
  require('ibid.command').run(command.args)
end, {
  nargs = '+',
  desc = 'ibid: find, insert, check and export papers',
  complete = function(lead, line)
    return require('ibid.command').complete(lead, line)
  end,
})
