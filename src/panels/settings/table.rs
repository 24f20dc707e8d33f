//! The settings shown on the page, one row each.
//!
//! A new setting needs a field in `store::Settings`, a row here, and its texts in `words::settings`.

use std::ops::RangeInclusive;

use crate::store::settings::{
    Column, DECODED_MIB, Density, FileDialogs, HISTORY_MIB, LanguageChoice, Motion, NEWEST_MIB, PLOT_VALUES,
    Renderer, Settings, TREE_MIB, Theme, TimeFormat,
};
use crate::words::{Label, settings as words, topics};

/// A group of related settings.
pub struct SettingSection {
    pub title: Label,
    pub rows: &'static [SettingRow],
}

/// A setting: its name, its description, and how it is read and written.
pub struct SettingRow {
    pub name: Label,
    pub help: Label,
    pub control: Control,
}

/// How a setting is read and written.
pub enum Control {
    /// A switch.
    Switch { value: fn(&mut Settings) -> &mut bool },
    /// A size in MiB.
    Size { value: fn(&mut Settings) -> &mut u32, range: RangeInclusive<u32> },
    /// A number.
    Count { value: fn(&mut Settings) -> &mut u32, range: RangeInclusive<u32> },
    /// One of several values, by index in the list of names.
    Choice { names: &'static [Label], chosen: fn(&Settings) -> usize, choose: fn(&mut Settings, usize) },
    /// This build leaves no choice, so the row is left out.
    Absent,
}

macro_rules! choice {
    ($field:ident, $($value:expr => $name:expr),+) => {
        Control::Choice {
            names: &[$($name),+],
            chosen: |settings| {
                let place = [$($value),+].iter().position(|value| *value == settings.$field);
                place.unwrap_or_default()
            },
            choose: |settings, place| {
                if let Some(value) = [$($value),+].get(place) {
                    settings.$field = *value;
                }
            },
        }
    };
}

macro_rules! column {
    ($field:ident, $column:ident) => {
        SettingRow {
            name: topics::column(Column::$column),
            help: topics::column_help(Column::$column),
            control: Control::Switch { value: |settings| &mut settings.columns.$field.shown },
        }
    };
}

/// Everything on the page, in order.
pub const SECTIONS: &[SettingSection] = &[
    SettingSection {
        title: words::APPEARANCE,
        rows: &[
            SettingRow {
                name: words::THEME,
                help: words::THEME_HELP,
                control: choice!(
                    theme,
                    Theme::System => words::SYSTEM,
                    Theme::Light => words::LIGHT,
                    Theme::Dark => words::DARK,
                    Theme::HighContrast => words::HIGH_CONTRAST
                ),
            },
            SettingRow {
                name: words::DENSITY,
                help: words::DENSITY_HELP,
                control: choice!(
                    density,
                    Density::Compact => words::COMPACT,
                    Density::Normal => words::NORMAL,
                    Density::Comfortable => words::COMFORTABLE
                ),
            },
            SettingRow {
                name: words::LANGUAGE,
                help: words::LANGUAGE_HELP,
                control: choice!(
                    language,
                    LanguageChoice::Automatic => words::SYSTEM,
                    LanguageChoice::English => words::ENGLISH,
                    LanguageChoice::Chinese => words::CHINESE
                ),
            },
            SettingRow {
                name: words::TIMES,
                help: words::TIMES_HELP,
                control: choice!(
                    time_format,
                    TimeFormat::Milliseconds => words::MILLISECONDS,
                    TimeFormat::Seconds => words::SECONDS,
                    TimeFormat::Minutes => words::MINUTES
                ),
            },
            SettingRow {
                name: words::FOLD,
                help: words::FOLD_HELP,
                control: Control::Switch { value: |settings| &mut settings.fold_single_levels },
            },
            SettingRow {
                name: words::FLASH,
                help: words::FLASH_HELP,
                control: Control::Switch { value: |settings| &mut settings.flash_on_update },
            },
            SettingRow {
                name: words::MOTION,
                help: words::MOTION_HELP,
                control: choice!(
                    motion,
                    Motion::System => words::SYSTEM,
                    Motion::Reduced => words::REDUCED,
                    Motion::Full => words::FULL
                ),
            },
            SettingRow {
                name: words::FILE_DIALOGS,
                help: words::FILE_DIALOGS_HELP,
                control: choice!(
                    file_dialogs,
                    FileDialogs::Automatic => words::DESKTOP_DIALOGS,
                    FileDialogs::Own => words::OWN_DIALOGS
                ),
            },
        ],
    },
    SettingSection {
        title: words::MEMORY,
        rows: &[
            SettingRow {
                name: words::HISTORY,
                help: words::HISTORY_HELP,
                control: Control::Size {
                    value: |settings| &mut settings.history_budget_mib,
                    range: HISTORY_MIB,
                },
            },
            SettingRow {
                name: words::NEWEST,
                help: words::NEWEST_HELP,
                control: Control::Size {
                    value: |settings| &mut settings.newest_budget_mib,
                    range: NEWEST_MIB,
                },
            },
            SettingRow {
                name: words::TREE,
                help: words::TREE_HELP,
                control: Control::Size { value: |settings| &mut settings.tree_limit_mib, range: TREE_MIB },
            },
            SettingRow {
                name: words::DECODED,
                help: words::DECODED_HELP,
                control: Control::Size {
                    value: |settings| &mut settings.decoded_limit_mib,
                    range: DECODED_MIB,
                },
            },
            SettingRow {
                name: words::PLOT_VALUES,
                help: words::PLOT_VALUES_HELP,
                control: Control::Count {
                    value: |settings| &mut settings.plot_values_max,
                    range: PLOT_VALUES,
                },
            },
        ],
    },
    SettingSection {
        title: words::START,
        rows: &[
            SettingRow {
                name: words::REOPEN,
                help: words::REOPEN_HELP,
                control: Control::Switch { value: |settings| &mut settings.reopen_at_start },
            },
            SettingRow {
                name: words::RENDERER,
                help: words::RENDERER_HELP,
                control: if Renderer::can_be_chosen() {
                    choice!(
                        renderer,
                        Renderer::Automatic => words::AUTOMATIC,
                        Renderer::Glow => words::GLOW,
                        Renderer::Wgpu => words::WGPU
                    )
                } else {
                    Control::Absent
                },
            },
        ],
    },
    SettingSection {
        title: topics::COLUMNS_OF_TREE,
        rows: &[
            column!(age, Age),
            column!(byte_rate, ByteRate),
            column!(rate, Rate),
            column!(messages, Messages),
            column!(last_change, LastChange),
            column!(topics_below, TopicsBelow),
            column!(retained, Retained),
            column!(qos, QoS),
            column!(size, Size),
            column!(trend, Trend),
        ],
    },
];

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;
    use std::path::Path;

    use toml::{Table, Value};

    use super::*;
    use crate::words::Language::English;

    /// The keys and values of a file with these settings; a key of a table is written with its table's name.
    fn flat(settings: &Settings) -> Vec<(String, Value)> {
        fn add(table: &Table, before: &str, out: &mut Vec<(String, Value)>) {
            for (key, value) in table {
                match value {
                    Value::Table(inner) => add(inner, &format!("{before}{key}."), out),
                    value => out.push((format!("{before}{key}"), value.clone())),
                }
            }
        }
        let mut out = Vec::new();
        add(&Table::try_from(settings).unwrap(), "", &mut out);
        out
    }

    /// The key that a change of the defaults changes, and its value.
    fn changed(change: impl FnOnce(&mut Settings)) -> Option<(String, Value)> {
        let mut settings = Settings::default();
        change(&mut settings);
        let before = flat(&Settings::default());
        flat(&settings).into_iter().find(|pair| !before.contains(pair))
    }

    /// Key, values and default of a row.
    fn facts(control: &Control) -> Option<(String, String, String)> {
        let default = Settings::default();
        match control {
            Control::Absent => None,
            Control::Switch { value } => {
                let (key, _) = changed(|settings| *value(settings) ^= true).unwrap();
                Some((key, "`true`, `false`".to_owned(), format!("`{}`", *value(&mut default.clone()))))
            }
            Control::Size { value, range } => {
                let (key, _) = changed(|settings| *value(settings) = *range.end()).unwrap();
                let own = *value(&mut default.clone());
                // The tree's limit depends on the machine.
                let own = if key.starts_with("tree") {
                    "a quarter of the memory, at most 2,048".to_owned()
                } else {
                    own.to_string()
                };
                Some((key, format!("{} to {} MiB", range.start(), range.end()), own))
            }
            Control::Count { value, range } => {
                let (key, _) = changed(|settings| *value(settings) = *range.end()).unwrap();
                let own = value(&mut default.clone()).to_string();
                Some((key, format!("{} to {}", range.start(), range.end()), own))
            }
            Control::Choice { names, chosen, choose } => {
                let usual = chosen(&default);
                let values: Vec<_> = (0..names.len())
                    .map(|place| (place, changed(|settings| choose(settings, place))))
                    .collect();
                let key =
                    values.iter().find_map(|(_, pair)| pair.as_ref().map(|(key, _)| key.clone())).unwrap();
                let before = flat(&default).into_iter().find(|(name, _)| *name == key).unwrap().1;
                let text = |value: &Value| format!("`{value}`");
                let all: Vec<_> = values
                    .iter()
                    .map(|(place, pair)| {
                        if *place == usual {
                            text(&before)
                        } else {
                            pair.as_ref().map_or_else(String::new, |(_, value)| text(value))
                        }
                    })
                    .collect();
                Some((key, all.join(", "), text(&before)))
            }
        }
    }

    fn page() -> String {
        let mut page = "# Settings\n\nThe Settings page (Ctrl+,) writes them to `settings.toml`, in the folder that About names. The file may be edited by \
                        hand, while\nmqttree runs too; a wrong value costs only itself. This page is made from the code by a test.\n"
            .to_owned();
        for section in SECTIONS {
            let title = section.title.of(English);
            write!(
                page,
                "\n## {title}\n\n| setting | key | values | at first |\n| --- | --- | --- | --- |\n"
            )
            .unwrap();
            for row in section.rows {
                if let Some((key, values, default)) = facts(&row.control) {
                    let (name, help) = (row.name.of(English), row.help.of(English));
                    writeln!(page, "| **{name}**: {help} | `{key}` | {values} | {default} |").unwrap();
                }
            }
        }
        page
    }

    #[test]
    fn the_reference_is_what_the_page_has() {
        if Renderer::can_be_chosen() {
            // The page is written for the build of the packages for Linux.
            return;
        }
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/settings.md");
        let page = page();
        if std::env::var_os("UPDATE_DOCS").is_some() {
            std::fs::write(&path, &page).unwrap();
        }
        let written = std::fs::read_to_string(&path).unwrap_or_default();
        assert!(
            written.replace("\r\n", "\n") == page,
            "docs/settings.md is old: UPDATE_DOCS=1 cargo test --lib settings"
        );
    }
}
