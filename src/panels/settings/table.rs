//! The settings shown on the page, one row each.
//!
//! A new setting needs a field in `store::Settings`, a row here, and its texts in `words::settings`.

use std::ops::RangeInclusive;

use crate::store::settings::{
    Column, Density, HISTORY_MIB, LanguageChoice, NEWEST_MIB, Renderer, Settings, TREE_MIB, Theme, TimeFormat,
};
use crate::words::{Label, settings as words, topics};

/// A group of related settings.
pub struct Section {
    pub title: Label,
    pub rows: &'static [Row],
}

/// A setting: its name, its description, and how it is read and written.
pub struct Row {
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
        Row {
            name: topics::column(Column::$column),
            help: topics::column_help(Column::$column),
            control: Control::Switch { value: |settings| &mut settings.columns.$field.shown },
        }
    };
}

/// Everything on the page, in order.
pub const SECTIONS: &[Section] = &[
    Section {
        title: words::APPEARANCE,
        rows: &[
            Row {
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
            Row {
                name: words::DENSITY,
                help: words::DENSITY_HELP,
                control: choice!(
                    density,
                    Density::Compact => words::COMPACT,
                    Density::Normal => words::NORMAL,
                    Density::Comfortable => words::COMFORTABLE
                ),
            },
            Row {
                name: words::LANGUAGE,
                help: words::LANGUAGE_HELP,
                control: choice!(
                    language,
                    LanguageChoice::Automatic => words::SYSTEM,
                    LanguageChoice::English => words::ENGLISH,
                    LanguageChoice::Chinese => words::CHINESE
                ),
            },
            Row {
                name: words::TIMES,
                help: words::TIMES_HELP,
                control: choice!(
                    time_format,
                    TimeFormat::Milliseconds => words::MILLISECONDS,
                    TimeFormat::Seconds => words::SECONDS,
                    TimeFormat::Minutes => words::MINUTES
                ),
            },
            Row {
                name: words::FOLD,
                help: words::FOLD_HELP,
                control: Control::Switch { value: |settings| &mut settings.fold_single_levels },
            },
            Row {
                name: words::FLASH,
                help: words::FLASH_HELP,
                control: Control::Switch { value: |settings| &mut settings.flash_on_update },
            },
        ],
    },
    Section {
        title: words::MEMORY,
        rows: &[
            Row {
                name: words::HISTORY,
                help: words::HISTORY_HELP,
                control: Control::Size {
                    value: |settings| &mut settings.history_budget_mib,
                    range: HISTORY_MIB,
                },
            },
            Row {
                name: words::NEWEST,
                help: words::NEWEST_HELP,
                control: Control::Size {
                    value: |settings| &mut settings.newest_budget_mib,
                    range: NEWEST_MIB,
                },
            },
            Row {
                name: words::TREE,
                help: words::TREE_HELP,
                control: Control::Size { value: |settings| &mut settings.tree_limit_mib, range: TREE_MIB },
            },
        ],
    },
    Section {
        title: words::START,
        rows: &[
            Row {
                name: words::REOPEN,
                help: words::REOPEN_HELP,
                control: Control::Switch { value: |settings| &mut settings.reopen_at_start },
            },
            Row {
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
    Section {
        title: topics::COLUMNS_OF_TREE,
        rows: &[
            column!(age, Age),
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
