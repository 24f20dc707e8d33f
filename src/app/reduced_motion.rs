//! Whether the desktop asks programs for less motion.
//!
//! No toolkit tells, and the desktops keep it in different places, so it is asked for with their own tools and read from
//! their files, once, on a thread of its own.

use eframe::egui::Context;

use crate::ui::job::{Job, JobProgress};

/// What the desktop asks for.
#[derive(Debug)]
pub(super) enum ReducedMotion {
    /// It is being looked at.
    Looking(Job<bool>),
    /// Whether it asks for less motion.
    Known(bool),
}

impl ReducedMotion {
    pub fn look(ctx: &Context) -> Self {
        Self::Looking(Job::spawn("look-for-motion", ctx, |_| is_asked_for()))
    }

    /// Returns whether the answer has just come.
    pub fn has_come(&mut self) -> bool {
        let Self::Looking(job) = self else { return false };
        let found = match job.poll() {
            JobProgress::Running => return false,
            JobProgress::Done(found) => found,
            JobProgress::Failed => false,
        };
        *self = Self::Known(found);
        true
    }

    /// Whether less motion is asked for, as far as that is known.
    pub fn is_asked_for(&self) -> bool {
        matches!(self, Self::Known(true))
    }
}

/// What a tool of the desktop prints; `None` if there is no such tool or it fails.
fn printed(tool: &str, arguments: &[&str]) -> Option<String> {
    let mut command = std::process::Command::new(tool);
    command.args(arguments).stdin(std::process::Stdio::null());
    #[cfg(windows)]
    {
        use std::os::windows::process::CommandExt as _;
        const CREATE_NO_WINDOW: u32 = 0x0800_0000;
        command.creation_flags(CREATE_NO_WINDOW);
    }
    let output = command.output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).into_owned())
}

/// GNOME and its relatives have a setting, KDE has a file, others have GTK's file.
#[cfg(all(unix, not(target_os = "macos")))]
fn is_asked_for() -> bool {
    let gnome = printed("gsettings", &["get", "org.gnome.desktop.interface", "enable-animations"]);
    if gnome.is_some_and(|printed| printed.trim() == "false") {
        return true;
    }
    let Some(folder) = crate::store::folders::config() else { return false };
    [("kdeglobals", "AnimationDurationFactor"), ("gtk-4.0/settings.ini", GTK), ("gtk-3.0/settings.ini", GTK)]
        .into_iter()
        .any(|(file, key)| std::fs::read_to_string(folder.join(file)).is_ok_and(|text| is_off(&text, key)))
}

#[cfg(target_os = "macos")]
fn is_asked_for() -> bool {
    printed("defaults", &["read", "com.apple.universalaccess", "reduceMotion"])
        .is_some_and(|printed| printed.trim() == "1")
}

#[cfg(windows)]
fn is_asked_for() -> bool {
    printed("reg", &["query", r"HKCU\Control Panel\Desktop", "/v", "UserPreferencesMask"])
        .is_some_and(|printed| has_no_animations(&printed))
}

#[cfg(all(unix, not(target_os = "macos")))]
const GTK: &str = "gtk-enable-animations";

/// Whether a file of settings has this key with a value that means "off".
#[cfg(any(all(unix, not(target_os = "macos")), test))]
fn is_off(text: &str, key: &str) -> bool {
    let value = |line: &str| {
        Some(line.trim().strip_prefix(key)?.trim_start().strip_prefix('=')?.trim().to_lowercase())
    };
    text.lines()
        .filter_map(value)
        .next_back()
        .is_some_and(|value| value == "false" || value.parse::<f64>().is_ok_and(|number| number == 0.0))
}

/// Whether the mask of Windows says that animations inside of windows are off: bit 1 of its fifth byte
/// (`SPI_GETCLIENTAREAANIMATION`).
#[cfg(any(windows, test))]
fn has_no_animations(printed: &str) -> bool {
    let mask = printed.split_whitespace().skip_while(|word| *word != "REG_BINARY").nth(1);
    let fifth = mask.and_then(|mask| u8::from_str_radix(mask.get(8..10)?, 16).ok());
    fifth.is_some_and(|byte| byte & 0x02 == 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_of_the_desktop_says_whether_things_move() {
        let gtk = "[Settings]\ngtk-theme-name=Adwaita\ngtk-enable-animations = 0\n";
        assert!(is_off(gtk, "gtk-enable-animations"));
        assert!(is_off("gtk-enable-animations=False", "gtk-enable-animations"));
        assert!(!is_off("gtk-enable-animations=1", "gtk-enable-animations"));
        assert!(is_off("[KDE]\nAnimationDurationFactor=0.0\n", "AnimationDurationFactor"));
        assert!(!is_off("[KDE]\nAnimationDurationFactor=0.5\n", "AnimationDurationFactor"));
        assert!(!is_off("", "AnimationDurationFactor"));
    }

    #[test]
    fn the_mask_of_windows_has_a_bit_for_it() {
        let printed = |mask: &str| {
            let line = format!("    UserPreferencesMask    REG_BINARY    {mask}");
            format!("\r\nHKEY_CURRENT_USER\\Control Panel\\Desktop\r\n{line}\r\n\r\n")
        };
        assert!(!has_no_animations(&printed("9E1E078012000000")));
        assert!(has_no_animations(&printed("9012038010000000")));
        assert!(!has_no_animations("nothing"));
    }
}
