//! Keys as a person writes them: `Ctrl+Shift+1`.

use eframe::egui::{Key, KeyboardShortcut, Modifiers};

use crate::command::Command;

/// The keys that a text names. One modifier at least is needed, except for the function keys: a letter alone would be typed.
pub fn parse(text: &str) -> Option<KeyboardShortcut> {
    let mut parts: Vec<&str> = text.split('+').map(str::trim).collect();
    let key = parts.pop()?;
    let mut modifiers = Modifiers::NONE;
    for part in parts {
        modifiers = modifiers.plus(match part.to_ascii_lowercase().as_str() {
            "ctrl" | "control" | "cmd" | "command" | "⌘" => Modifiers::COMMAND,
            "shift" => Modifiers::SHIFT,
            "alt" | "option" => Modifiers::ALT,
            _ => return None,
        });
    }
    let mut capital = key.to_owned();
    if capital.len() == 1 {
        capital.make_ascii_uppercase();
    }
    let key = Key::from_name(&capital)?;
    let is_function_key = capital.len() > 1 && capital.starts_with('F') && capital[1..].parse::<u8>().is_ok();
    let is_safe = modifiers.command || modifiers.alt || is_function_key;
    is_safe.then(|| KeyboardShortcut::new(modifiers, key))
}

/// Whether a command has these keys.
pub fn is_taken(keys: &KeyboardShortcut) -> bool {
    Command::all().any(|command| command.entry().keys.contains(keys))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_read_as_they_are_written() {
        let shift = Modifiers::COMMAND.plus(Modifiers::SHIFT);
        assert_eq!(parse("Ctrl+Shift+1"), Some(KeyboardShortcut::new(shift, Key::Num1)));
        assert_eq!(parse("alt + l"), Some(KeyboardShortcut::new(Modifiers::ALT, Key::L)));
        assert_eq!(parse("F9"), Some(KeyboardShortcut::new(Modifiers::NONE, Key::F9)));
        for text in ["", "a", "Shift+a", "Hyper+a", "Ctrl+", "Ctrl+nonsense", "Ctrl"] {
            assert_eq!(parse(text), None, "{text}");
        }
    }

    #[test]
    fn what_a_command_has_is_taken() {
        assert!(is_taken(&parse("Ctrl+K").unwrap()));
        assert!(!is_taken(&parse("Ctrl+Alt+F9").unwrap()));
    }
}
