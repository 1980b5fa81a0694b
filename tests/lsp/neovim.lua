-- What somebody does in Neovim, step by step; `MMSCAFFOLD_STEPS` gets what was seen, as JSON.
-- Runs as a coroutine, so that between the steps the editor lives as it does for people.
local seen = {}
local SECONDS = 60

local function until_(what, condition)
  local started = vim.loop.now()
  repeat
    local result = condition()
    if result then return result end
    coroutine.yield()
  until vim.loop.now() - started > SECONDS * 1000
  error('waited in vain for ' .. what .. '\n' .. vim.fn.execute('messages'))
end

local function type_(keys)
  vim.api.nvim_feedkeys(vim.api.nvim_replace_termcodes(keys, true, false, true), 't', false)
  coroutine.yield()
end

local function lines() return vim.api.nvim_buf_get_lines(0, 0, -1, false) end

local function open(name)
  vim.cmd('edit ' .. vim.fn.fnameescape(name))
  until_('attaching to ' .. name, function() return #vim.tbl_keys(vim.lsp.buf_get_clients()) > 0 end)
end

local function cursor_on(pattern)
  vim.fn.cursor(1, 1)
  assert(vim.fn.search('\\V' .. pattern, 'c') > 0, pattern .. ' is not there')
end

local function hover(pattern)
  cursor_on(pattern)
  type_('K')
  local float = until_('a hover', function()
    for _, window in ipairs(vim.api.nvim_list_wins()) do
      if vim.api.nvim_win_get_config(window).relative ~= '' then return window end
    end
  end)
  local text = vim.api.nvim_buf_get_lines(vim.api.nvim_win_get_buf(float), 0, -1, false)
  vim.api.nvim_win_close(float, true)
  return table.concat(text, '\n')
end

local function definition(pattern)
  cursor_on(pattern)
  local before = { vim.api.nvim_buf_get_name(0), vim.fn.line('.') }
  type_('gd')
  until_('a definition', function()
    return before[1] ~= vim.api.nvim_buf_get_name(0) or before[2] ~= vim.fn.line('.')
  end)
  local found = { file = vim.api.nvim_buf_get_name(0), line = vim.fn.getline('.') }
  vim.cmd('buffer ' .. vim.fn.fnameescape(before[1]))
  return found
end

local function complete(keys)
  type_('Go' .. keys .. '<C-x><C-o>')
  local items = until_('completion', function()
    local found = vim.fn.complete_info({ 'items' }).items
    return #found > 0 and found
  end)
  -- The first is chosen already: take it, and what it makes of the line.
  type_('<C-y><Esc>')
  until_('the end of insert mode', function() return vim.fn.mode() == 'n' end)
  local line = vim.fn.getline('.')
  vim.cmd('undo')
  return { words = vim.tbl_map(function(item) return item.word end, items), line = line }
end

local function findings()
  return vim.tbl_map(function(one)
    return { code = one.code, line = one.lnum + 1, column = one.col + 1, message = one.message }
  end, vim.diagnostic.get(0))
end

local function choose(beginning)
  vim.ui.select = function(items, options, chosen)
    for _, item in ipairs(items) do
      if vim.startswith(options.format_item(item), beginning) then return chosen(item) end
    end
    error('nothing that begins with ' .. beginning)
  end
end

local steps = coroutine.wrap(function()
  local config = vim.env.MMSCAFFOLD_CONFIG
  open(config)
  seen.client = vim.tbl_values(vim.lsp.buf_get_clients())[1].name
  until_('findings', function() return #findings() > 0 end)
  seen.findings = findings()
  seen.hover_of_value = hover('max_epochs')
  seen.definition_of_base = definition('faster-rcnn_r50')
  seen.definition_of_value = definition('param_scheduler[1]')
  seen.parameters = complete("model = dict(backbone=dict(type='ResNet', dep")
  seen.classes = complete("model = dict(backbone=dict(type='ResNeX")

  choose('Fix MMS102')
  cursor_on('param_scheduler[1]')
  type_('$ga')
  until_('the fix', function() return vim.bo.modified end)
  until_('no findings', function() return #findings() == 0 end)
  vim.cmd('write')
  seen.after_the_fix = findings()

  -- Columns are counted in UTF-16 between the two: this one lies behind an emoji.
  open(vim.env.MMSCAFFOLD_CHINESE)
  seen.definition_behind_an_emoji = definition('_base_.train_cfg.max_epochs')

  vim.cmd('MmscaffoldEpochs 24')
  until_('another length', function() return vim.bo.modified end)
  seen.other_length = lines()
  vim.cmd('undo')
  seen.undone = lines()
  vim.cmd('MmscaffoldResolved')
  until_('the resolved config', function() return vim.bo.buftype == 'nofile' end)
  seen.resolved = lines()
end)

local timer = vim.loop.new_timer()
timer:start(0, 20, vim.schedule_wrap(function()
  if seen.done then return end
  local ok, problem = pcall(steps)
  if not ok then
    -- A coroutine that has ended cannot be resumed: it is done.
    seen.problem = not tostring(problem):find('cannot resume dead coroutine') and problem or nil
    seen.done = true
    vim.fn.writefile({ vim.json.encode(seen) }, vim.env.MMSCAFFOLD_STEPS)
    vim.cmd('qall!')
  end
end))
