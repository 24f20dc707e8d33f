//! The plots of a profile as they are saved: pages of plots, their series, their axes, and how they are arranged.
//!
//! Plain data. `panels::plots` draws it and changes it, [`Profile::plots`](crate::store::Profile) keeps it.

use serde::{Deserialize, Deserializer, Serialize};

/// The most pages, plots of a page, and series of a plot that are read from a file.
const COUNT_MAX: usize = 1_000;
/// How deep a layout may be nested.
const DEPTH_MAX: usize = 16;

/// A tab of the plots: several plots with the same time.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct PlotPage {
    /// The title of the tab; empty for a numbered one.
    pub name: String,
    /// Seconds that are shown while the page follows the present; 0 for everything.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub window_s: Option<f64>,
    /// Whether times are in UTC instead of the system's zone.
    #[serde(skip_serializing_if = "is_default")]
    pub utc: bool,
    /// Where the plots are; side by side if it is missing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub layout: Option<Split>,
    /// The plots; the layout numbers them from 0.
    #[serde(rename = "plot")]
    pub plots: Vec<PlotSpec>,
}

/// A plot, or several beside or below each other.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Split {
    /// The plot with this number.
    Plot(usize),
    /// Parts side by side.
    Row {
        /// From left to right.
        row: Vec<SplitPart>,
    },
    /// Parts one below the other.
    Column {
        /// From top to bottom.
        column: Vec<SplitPart>,
    },
}

/// A part of a row or column.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SplitPart {
    /// Its size, relative to the others.
    pub size: f32,
    /// What is there.
    pub part: Split,
}

impl Split {
    /// Whether it can be drawn: nested within reason, with sizes that are sizes.
    fn is_sound(&self, depth: usize) -> bool {
        let parts = |parts: &Vec<SplitPart>| {
            depth < DEPTH_MAX
                && parts.len() <= COUNT_MAX
                && parts
                    .iter()
                    .all(|share| share.size.is_finite() && share.size > 0.0 && share.part.is_sound(depth + 1))
        };
        match self {
            Self::Plot(number) => *number < COUNT_MAX,
            Self::Row { row: list } | Self::Column { column: list } => parts(list),
        }
    }
}

/// One plot.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct PlotSpec {
    /// Its title; empty to name it by its series.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub title: String,
    /// Seconds that it shows if it has a time of its own instead of that of its page; 0 for everything.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub own_window_s: Option<f64>,
    /// Whether the second series is drawn over the first instead of over time.
    #[serde(skip_serializing_if = "is_default")]
    pub xy: bool,
    /// The value axis on the left.
    #[serde(skip_serializing_if = "is_default")]
    pub left: AxisSpec,
    /// The value axis on the right, shown while a series uses it.
    #[serde(skip_serializing_if = "is_default")]
    pub right: AxisSpec,
    /// Topics that join by themselves.
    #[serde(rename = "join", skip_serializing_if = "Vec::is_empty")]
    pub joins: Vec<Join>,
    /// Its series.
    pub series: Vec<SeriesSpec>,
}

/// A value axis.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct AxisSpec {
    /// Written beside it.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub title: String,
    /// Whether it is logarithmic.
    #[serde(skip_serializing_if = "is_default")]
    pub logarithmic: bool,
}

/// Topics that join a plot by themselves, whenever they come.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Join {
    /// Topic filter.
    pub filter: String,
    /// Where the value is in their payloads; empty for the whole payload.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub path: String,
}

/// What a series is made of.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(default)]
pub struct ValueSource {
    /// The topic.
    pub topic: String,
    /// Where the value is in its payloads; empty for the whole payload.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub path: String,
    /// Whether values are states, which have names, and not numbers.
    #[serde(skip_serializing_if = "is_default")]
    pub states: bool,
}

/// How a series is computed from its source.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Derived {
    /// Not at all.
    #[default]
    No,
    /// The mean of so many seconds.
    Average(f64),
    /// The change per second.
    Derivative,
    /// The area below it, in value seconds.
    Integral,
    /// Seconds between messages.
    Interval,
    /// Its difference to another.
    Less(ValueSource),
}

/// How a series is drawn.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DrawAs {
    /// A straight line from value to value.
    #[default]
    Line,
    /// A value holds until the next one.
    Step,
    /// A value holds since the one before it.
    StepBefore,
    /// Points alone.
    Points,
    /// A bar from zero to each value.
    Bars,
    /// A line, and the area between it and zero.
    Area,
}

impl DrawAs {
    /// Every way.
    pub const ALL: [Self; 6] =
        [Self::Line, Self::Step, Self::StepBefore, Self::Points, Self::Bars, Self::Area];
}

/// A series of a plot.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct SeriesSpec {
    /// What it is made of.
    #[serde(flatten)]
    pub source: ValueSource,
    /// How it is computed from that.
    #[serde(skip_serializing_if = "is_default")]
    pub derived: Derived,
    /// Its name; empty for topic and path.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub name: String,
    /// Its unit.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub unit: String,
    /// Its place in the palette of colours and shapes; the first free one if it is missing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mark: Option<u16>,
    /// Its colour, from the palette if it is missing.
    #[serde(skip_serializing_if = "Option::is_none", with = "color")]
    pub color: Option<[u8; 3]>,
    /// How it is drawn.
    #[serde(skip_serializing_if = "is_default")]
    pub look: DrawAs,
    /// Whether it belongs to the axis on the right.
    #[serde(skip_serializing_if = "is_default")]
    pub right: bool,
    /// What values are multiplied by.
    #[serde(skip_serializing_if = "is_one")]
    pub scale: f64,
    /// What is added to them after that.
    #[serde(skip_serializing_if = "is_default")]
    pub offset: f64,
    /// Whether it is not drawn.
    #[serde(skip_serializing_if = "is_default")]
    pub hidden: bool,
}

impl Default for SeriesSpec {
    fn default() -> Self {
        Self {
            source: ValueSource::default(),
            derived: Derived::No,
            name: String::new(),
            unit: String::new(),
            mark: None,
            color: None,
            look: DrawAs::Line,
            right: false,
            scale: 1.0,
            offset: 0.0,
            hidden: false,
        }
    }
}

impl SeriesSpec {
    /// A series of a value, as it is.
    pub fn of(source: ValueSource) -> Self {
        Self { source, ..Self::default() }
    }
}

fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
#[expect(clippy::float_cmp, reason = "only what was never changed is left out")]
fn is_one(value: &f64) -> bool {
    *value == 1.0
}

/// Reads pages leniently: plots that make no sense are left out, and the connection stays.
#[expect(clippy::unnecessary_wraps, reason = "serde expects a result")]
pub(super) fn lenient<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<PlotPage>, D::Error> {
    let values: Vec<toml::Value> = Deserialize::deserialize(from).unwrap_or_default();
    let pages = values.into_iter().take(COUNT_MAX).filter_map(|value| value.try_into::<PlotPage>().ok());
    Ok(pages.map(sound).collect())
}

/// The page without what cannot be drawn.
fn sound(mut page: PlotPage) -> PlotPage {
    page.plots.truncate(COUNT_MAX);
    for plot in &mut page.plots {
        plot.series.truncate(COUNT_MAX);
        plot.joins.truncate(COUNT_MAX);
        for series in &mut plot.series {
            let finite = |value: f64, or: f64| if value.is_finite() { value } else { or };
            (series.scale, series.offset) = (finite(series.scale, 1.0), finite(series.offset, 0.0));
        }
    }
    page.layout = page.layout.filter(|layout| layout.is_sound(0));
    let is_window = |seconds: &f64| seconds.is_finite() && *seconds >= 0.0;
    page.window_s = page.window_s.filter(is_window);
    for plot in &mut page.plots {
        plot.own_window_s = plot.own_window_s.filter(is_window);
    }
    page
}

/// Colours as `#rrggbb`.
mod color {
    use serde::{Deserialize as _, Deserializer, Serializer};

    #[expect(clippy::ref_option, clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
    pub(super) fn serialize<S: Serializer>(color: &Option<[u8; 3]>, to: S) -> Result<S::Ok, S::Error> {
        match color {
            Some([red, green, blue]) => to.serialize_str(&format!("#{red:02x}{green:02x}{blue:02x}")),
            None => to.serialize_none(),
        }
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Option<[u8; 3]>, D::Error> {
        let text = String::deserialize(from)?;
        let digits = text.strip_prefix('#').filter(|digits| digits.len() == 6);
        let number = digits.and_then(|digits| u32::from_str_radix(digits, 16).ok());
        Ok(number.map(|number| [(number >> 16) as u8, (number >> 8) as u8, number as u8]))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mqtt::options::ConnectOptions;
    use crate::store::Profile;

    fn page() -> PlotPage {
        let source =
            ValueSource { topic: "a/b".to_owned(), path: "x.y".to_owned(), ..ValueSource::default() };
        let series = SeriesSpec {
            color: Some([1, 128, 255]),
            scale: 1.8,
            offset: 32.0,
            derived: Derived::Average(60.0),
            look: DrawAs::StepBefore,
            ..SeriesSpec::of(source.clone())
        };
        let less = SeriesSpec { derived: Derived::Less(source.clone()), ..SeriesSpec::of(source) };
        let plot = PlotSpec {
            series: vec![series, less],
            joins: vec![Join { filter: "a/+".to_owned(), path: String::new() }],
            right: AxisSpec { title: "mm/s".to_owned(), logarithmic: true },
            ..PlotSpec::default()
        };
        let column = vec![
            SplitPart { size: 1.0, part: Split::Plot(1) },
            SplitPart { size: 2.0, part: Split::Plot(2) },
        ];
        let row = vec![
            SplitPart { size: 1.5, part: Split::Plot(0) },
            SplitPart { size: 1.0, part: Split::Column { column } },
        ];
        PlotPage {
            name: "Hall 2".to_owned(),
            window_s: Some(900.0),
            layout: Some(Split::Row { row }),
            plots: vec![plot, PlotSpec::default(), PlotSpec::default()],
            ..PlotPage::default()
        }
    }

    #[test]
    fn plots_are_kept_in_the_profile_as_text() {
        let mut profile = Profile::new("p", ConnectOptions::default());
        profile.plots = vec![page(), PlotPage::default()];
        let text = toml::to_string(&profile).unwrap();
        assert!(text.contains("color = \"#0180ff\""), "{text}");
        let read: Profile = toml::from_str(&text).unwrap();
        assert_eq!(read, profile);
    }

    #[test]
    fn plots_that_make_no_sense_do_not_cost_the_connection() {
        let mut profile = Profile::new("p", ConnectOptions::default());
        profile.plots = vec![page()];
        let text = toml::to_string(&profile).unwrap();
        let damaged = text.replace("scale = 1.8", "scale = \"much\"");
        let read: Profile = toml::from_str(&damaged).unwrap();
        assert!(read.plots.is_empty());
        let damaged = text.replace("scale = 1.8", "scale = nan").replace("size = 1.5", "size = -1.5");
        let read: Profile = toml::from_str(&damaged).unwrap();
        assert_eq!(read.plots[0].layout, None);
        assert!((read.plots[0].plots[0].series[0].scale - 1.0).abs() < 1e-9);
    }
}
