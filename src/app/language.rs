//! Which language the window speaks: the one in the settings, or the system's.

use crate::store::settings::LanguageChoice;
use crate::words::Language;

/// The language that this setting means on this system.
pub(super) fn chosen(choice: LanguageChoice) -> Language {
    match choice {
        // On Unix what the environment says: LANGUAGE, LC_ALL, LC_MESSAGES, LANG.
        LanguageChoice::Automatic => {
            sys_locale::get_locale().map_or(Language::English, |locale| Language::of_locale(&locale))
        }
        LanguageChoice::English => Language::English,
        LanguageChoice::Chinese => Language::Chinese,
    }
}
