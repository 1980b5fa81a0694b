/** Which files the extension wakes up for; the server looks closer. */

/** The languages of VS Code in which configs, and the code that they name, are written. */
export const LANGUAGES = ["python", "yaml", "json", "jsonc"];

/** What only configs of mmengine, or code that registers classes, would say. */
const MARKS = [
  /^\s*_base_\s*=/m,
  /^\s*["']?_base_["']?\s*:/m,
  /\bread_base\s*\(/,
  /\b(?:from|import)\s+mm(?:engine|det|cv|pretrain|seg|pose|yolo|rotate|action|agic|ocr|razor|det3d)\b/,
  /\bregister_module\s*\(/,
  /\b(?:train_cfg|train_dataloader|param_scheduler|optim_wrapper|default_scope|custom_imports)["']?\s*[=:]/,
  /\b(?:lr_config|total_epochs|optimizer_config|checkpoint_config)["']?\s*[=:]/,
  /^\s*model\s*=\s*dict\s*\(/m,
];

/** How much of a file is looked at: configs say early what they are. */
const LOOKED_AT = 20_000;

/**
 * Whether a file looks like a config of mmengine, or like code that registers classes.
 *
 * @param language the language that VS Code gave the file
 * @param text the text of the file
 */
export function concernsMmengine(language: string, text: string): boolean {
  if (!LANGUAGES.includes(language)) {
    return false;
  }
  const beginning = text.slice(0, LOOKED_AT);
  return MARKS.some((mark) => mark.test(beginning));
}
