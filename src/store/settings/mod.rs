//! The person's settings, in `settings.toml`.
//!
//! A plain struct for the window to change at will; [`Saver`](crate::store::Saver) writes it. Every key may be missing;
//! a key with a wrong value gets its default and a notice while the others keep theirs; an unknown key stays in the
//! file.
//!
//! A new setting is a field with its default here and one row of the Settings page.

mod columns;

use std::collections::BTreeMap;
use std::ops::RangeInclusive;

use serde::{Deserialize, Serialize};
use toml::Table;

use crate::model::Order;
pub use columns::{COLUMN_WIDTH_MAX, COLUMN_WIDTH_MIN, Column, ColumnLook, Columns};

use crate::store::document::{Merged, Parsed, Storable};
use crate::store::notice::{Fault, FileDamage, Remark, Salvaged, Subject, Unwritable};
use crate::store::profiles::ProfileId;
use crate::store::{Paths, machine, merge, salvage};

/// The range of the history budget, in MiB.
pub const HISTORY_MIB: RangeInclusive<u32> = 16..=65_536;
/// The range of the budget for newest values, in MiB.
pub const NEWEST_MIB: RangeInclusive<u32> = 16..=65_536;
/// The range of the tree's memory limit, in MiB.
pub const TREE_MIB: RangeInclusive<u32> = 64..=65_536;
/// The range of what may come out of a payload, in MiB.
pub const DECODED_MIB: RangeInclusive<u32> = 1..=1_024;

/// The range of the most values of a plotted series.
pub const PLOT_VALUES: RangeInclusive<u32> = 10_000..=100_000_000;

/// The largest default of the tree's memory limit, in MiB.
const TREE_DEFAULT_MIB_MAX: u32 = 2_048;

const VERSION: i64 = 1;
/// Keys that earlier versions wrote and no version uses.
const OBSOLETE: [&str; 2] = ["show_seconds", "window"];
const HEADER: &str = "\
# The settings of mqttree. Edit them as you like while mqttree is closed or open; comments are not kept.
";

/// What was connected to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Recent {
    /// A saved connection.
    Profile(ProfileId),
    /// An address that is saved nowhere, without its password.
    Address(String),
}

/// Light or dark.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Theme {
    /// Follows the system.
    #[default]
    System,
    /// Always light.
    Light,
    /// Always dark.
    Dark,
    /// Always white on black, with bright lines.
    #[serde(rename = "high-contrast")]
    HighContrast,
}

/// How tall a row is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Density {
    /// 18 px
    Compact,
    /// 22 px
    #[default]
    Normal,
    /// 26 px
    Comfortable,
}

/// Which language the window speaks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LanguageChoice {
    /// The system's language if the program speaks it, or else English.
    #[default]
    Automatic,
    /// Always English.
    English,
    /// Always Simplified Chinese.
    Chinese,
}

/// Whether things may move by themselves.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Motion {
    /// As the desktop says.
    #[default]
    System,
    /// Nothing flashes, fades or slides.
    Reduced,
    /// Whatever the desktop says.
    Full,
}

/// Which dialog asks for files.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum FileDialogs {
    /// The desktop's dialog, if it has one, or else our own.
    #[default]
    Automatic,
    /// Our own.
    Own,
}

/// How precisely times of day are shown, always on a 24-hour clock.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum TimeFormat {
    /// `14:03:59.123`
    #[default]
    Milliseconds,
    /// `14:03:59`
    Seconds,
    /// `14:03`
    Minutes,
}

/// What draws the window.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Renderer {
    /// The usual one of the system, or the other if that fails.
    #[default]
    Automatic,
    /// OpenGL.
    Glow,
    /// Vulkan, Metal, Direct3D 12 or OpenGL.
    Wgpu,
}

impl Renderer {
    /// Whether this build can draw with it. The manifest says which system gets which.
    pub const fn is_built_in(self) -> bool {
        match self {
            Self::Automatic => true,
            Self::Glow => cfg!(not(target_os = "macos")),
            Self::Wgpu => cfg!(any(feature = "wgpu", windows, target_os = "macos")),
        }
    }

    /// Whether this build leaves a choice.
    pub const fn can_be_chosen() -> bool {
        Self::Glow.is_built_in() && Self::Wgpu.is_built_in()
    }
}

/// A part of the window that can be hidden.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct PaneSetting {
    /// Whether it is shown.
    pub visible: bool,
}

impl Default for PaneSetting {
    fn default() -> Self {
        Self { visible: true }
    }
}

/// All settings.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Settings {
    /// The file's version.
    version: i64,
    /// Which language the window speaks.
    pub language: LanguageChoice,
    /// The colours of the window.
    pub theme: Theme,
    /// How tall a row is.
    pub density: Density,
    /// How the topics of a level are ordered.
    pub sort_by: Order,
    /// Whether that order is reversed.
    pub sort_reversed: bool,
    /// Whether a level without messages and with a single child shares the child's row.
    pub fold_single_levels: bool,
    /// Whether a row lights up when a message arrives.
    pub flash_on_update: bool,
    /// Whether things may move by themselves.
    pub motion: Motion,
    /// Which dialog asks for files.
    pub file_dialogs: FileDialogs,
    /// How precisely times of day are shown.
    pub time_format: TimeFormat,
    /// Memory for messages, per session, in MiB.
    pub history_budget_mib: u32,
    /// Memory for the newest messages of topics beyond [`Settings::history_budget_mib`], per session, in MiB. Beyond
    /// this, large payloads are cut to their first 64 KiB.
    pub newest_budget_mib: u32,
    /// Memory for topics, per session, in MiB. Beyond this, new topics are counted but not kept. The default is a
    /// quarter of the machine's memory, at most 2 GiB.
    pub tree_limit_mib: u32,
    /// What may come out of a payload that is packed or binary, in MiB. Beyond this, its bytes are shown.
    pub decoded_limit_mib: u32,
    /// The most values of a plotted series. Beyond this the oldest go.
    pub plot_values_max: u32,
    /// What draws the window; `--renderer` overrides it.
    pub renderer: Renderer,
    /// Whether to open the last connections when the program starts.
    pub reopen_at_start: bool,
    /// The connections that were open last, in the order of their tabs.
    pub last_open: Vec<ProfileId>,
    /// What was connected to, the newest first.
    pub recent: Vec<Recent>,
    /// The lines of programs that may read payloads on this computer. No import brings any.
    pub allowed_programs: Vec<String>,
    /// The columns of the tree.
    pub columns: Columns,
    /// Panes by name.
    pub panes: BTreeMap<String, PaneSetting>,
    /// Keys that this version does not know, written back as they are.
    #[serde(flatten)]
    other: Table,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            version: VERSION,
            language: LanguageChoice::default(),
            theme: Theme::default(),
            density: Density::default(),
            sort_by: Order::default(),
            sort_reversed: false,
            fold_single_levels: false,
            flash_on_update: true,
            motion: Motion::default(),
            file_dialogs: FileDialogs::default(),
            time_format: TimeFormat::default(),
            history_budget_mib: 256,
            newest_budget_mib: 512,
            tree_limit_mib: default_tree_mib(machine::memory_mib()),
            decoded_limit_mib: 64,
            plot_values_max: 10_000_000,
            renderer: Renderer::default(),
            reopen_at_start: false,
            last_open: Vec::new(),
            recent: Vec::new(),
            allowed_programs: Vec::new(),
            columns: Columns::default(),
            panes: BTreeMap::new(),
            other: Table::new(),
        }
    }
}

/// The default of the tree's memory limit on a machine with this much memory.
fn default_tree_mib(memory_mib: u64) -> u32 {
    let quarter = u32::try_from(memory_mib / 4).unwrap_or(u32::MAX);
    quarter.clamp(*TREE_MIB.start(), TREE_DEFAULT_MIB_MAX)
}

/// The lines of programs that may read payloads on this computer, out of the file of the settings.
pub fn allowed_programs(paths: &Paths) -> Vec<String> {
    let bytes = std::fs::read(paths.settings()).unwrap_or_default();
    <Settings as Storable>::parse(&bytes).document.allowed_programs
}

impl Settings {
    /// The settings of a pane. By default a pane is shown, except for the tools and the time bar of a live session: tree
    /// and payload need the room more.
    pub fn pane(&self, name: &str) -> PaneSetting {
        let at_first = PaneSetting { visible: name != "tools" && name != "time-bar" };
        self.panes.get(name).copied().unwrap_or(at_first)
    }

    /// Changes the settings of a pane.
    pub fn set_pane(&mut self, name: &str, pane: PaneSetting) {
        self.panes.insert(name.to_owned(), pane);
    }

    /// Takes over what a save merged in from another program, keeping what was changed here since.
    pub fn adopt(&mut self, saved: &crate::store::document::Saved<Self>) {
        if saved.given != saved.stored {
            *self = Self::merge(&saved.given, self, &saved.stored, true).document;
        }
    }

    /// Brings numbers into their ranges; returns a remark for each that was out of range.
    fn bound(&mut self) -> Vec<Remark> {
        let mut remarks = Vec::new();
        let mut bound = |key, value: &mut u32, range: RangeInclusive<u32>| {
            let used = (*value).clamp(*range.start(), *range.end());
            if used != *value {
                remarks.push(Remark::OutOfRange { key, value: *value, range, used });
                *value = used;
            }
        };
        bound("history_budget_mib", &mut self.history_budget_mib, HISTORY_MIB);
        bound("newest_budget_mib", &mut self.newest_budget_mib, NEWEST_MIB);
        bound("tree_limit_mib", &mut self.tree_limit_mib, TREE_MIB);
        bound("decoded_limit_mib", &mut self.decoded_limit_mib, DECODED_MIB);
        bound("plot_values_max", &mut self.plot_values_max, PLOT_VALUES);
        remarks
    }

    fn table(&self) -> Table {
        Table::try_from(self).unwrap_or_default()
    }
}

impl Storable for Settings {
    const SUBJECT: Subject = Subject::Settings;
    const BYTES_MAX: u64 = 1024 * 1024;

    fn parse(bytes: &[u8]) -> Parsed<Self> {
        let (mut table, mut faults) = salvage::without_bad_lines(bytes);
        table.retain(|key, _| !OBSOLETE.contains(&key));
        faults.extend(remove_wrong_values(&mut table));
        let mut settings: Self = table.try_into().unwrap_or_default();
        let mut remarks = settings.bound();
        let amended = !remarks.is_empty();
        if settings.version > VERSION {
            remarks.push(Remark::NewerVersion);
        }
        settings.version = settings.version.max(VERSION);
        let damage = (!faults.is_empty()).then_some(FileDamage { faults, salvaged: Salvaged::OtherSettings });
        Parsed { document: settings, damage, remarks, amended }
    }

    fn print(&self) -> Result<String, Unwritable> {
        let text = toml::to_string(self).map_err(|error| Unwritable::Format(error.to_string()))?;
        Ok(format!("{HEADER}{text}"))
    }

    fn merge(base: &Self, ours: &Self, theirs: &Self, theirs_whole: bool) -> Merged<Self> {
        let base_table = base.table();
        let mut their_table = theirs.table();
        if !theirs_whole {
            // A key missing from a damaged file reads as its default, which nobody chose.
            let defaults = Self::default().table();
            their_table = merge::tables(&defaults, &their_table, &base_table);
        }
        let merged = merge::tables(&base_table, &ours.table(), &their_table);
        let document = merged.try_into().unwrap_or_else(|_not_ours| ours.clone());
        Merged { document, remarks: Vec::new() }
    }
}

/// Removes each value of the wrong type from `table`, and reports it.
fn remove_wrong_values(table: &mut Table) -> Vec<Fault> {
    let mut faults = Vec::new();
    let keys: Vec<String> = table.keys().cloned().collect();
    for key in keys {
        let alone: Table = table.get(&key).map(|value| (key.clone(), value.clone())).into_iter().collect();
        if let Err(error) = alone.try_into::<Settings>() {
            table.remove(&key);
            faults.push(Fault::WrongValue { key, reason: salvage::safe_message(&error) });
        }
    }
    faults
}

#[cfg(test)]
mod tests;
