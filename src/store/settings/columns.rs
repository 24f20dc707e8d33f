//! The columns of the topic tree: which are shown, and how wide they are.

use serde::{Deserialize, Serialize};

/// A column of the topic tree. Topic and value are always there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Column {
    /// A sparkline of the last numbers.
    Trend,
    /// Bytes of the newest payload.
    Size,
    /// QoS of the newest message.
    QoS,
    /// Whether the newest message is known to be retained.
    Retained,
    /// Topics below.
    TopicsBelow,
    /// How long ago the value changed.
    LastChange,
    /// Messages of the topic and all below.
    Messages,
    /// Messages per second.
    Rate,
    /// Bytes per second.
    ByteRate,
    /// How long ago the last message came.
    Age,
}

impl Column {
    /// All columns, from left to right.
    pub const ALL: [Self; 10] = [
        Self::Trend,
        Self::Size,
        Self::QoS,
        Self::Retained,
        Self::TopicsBelow,
        Self::LastChange,
        Self::Messages,
        Self::Rate,
        Self::ByteRate,
        Self::Age,
    ];
}

/// The narrowest column, in points.
pub const COLUMN_WIDTH_MIN: f32 = 32.0;
/// The widest column, in points.
pub const COLUMN_WIDTH_MAX: f32 = 600.0;

/// Whether a column is shown, and how wide it is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct ColumnLook {
    /// Whether it is shown if there is room.
    pub shown: bool,
    /// Its width in points; `None` for the default width.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub width: Option<f32>,
}

/// All columns.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Columns {
    /// Width of the names, which come before the values, in points; `None` for a share of the room.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub topic_width: Option<f32>,
    /// See [`Column::Trend`].
    pub trend: ColumnLook,
    /// See [`Column::Size`].
    pub size: ColumnLook,
    /// See [`Column::QoS`].
    pub qos: ColumnLook,
    /// See [`Column::Retained`].
    pub retained: ColumnLook,
    /// See [`Column::TopicsBelow`].
    pub topics_below: ColumnLook,
    /// See [`Column::LastChange`].
    pub last_change: ColumnLook,
    /// See [`Column::Messages`].
    pub messages: ColumnLook,
    /// See [`Column::Rate`].
    pub rate: ColumnLook,
    /// See [`Column::ByteRate`].
    pub byte_rate: ColumnLook,
    /// See [`Column::Age`].
    pub age: ColumnLook,
}

impl Default for Columns {
    fn default() -> Self {
        let (hidden, shown) = (ColumnLook::default(), ColumnLook { shown: true, width: None });
        Self {
            topic_width: None,
            trend: hidden,
            size: hidden,
            qos: hidden,
            retained: hidden,
            topics_below: hidden,
            last_change: hidden,
            messages: shown,
            rate: shown,
            byte_rate: hidden,
            age: shown,
        }
    }
}

impl Columns {
    /// The look of a column.
    pub fn get(&self, column: Column) -> ColumnLook {
        match column {
            Column::Trend => self.trend,
            Column::Size => self.size,
            Column::QoS => self.qos,
            Column::Retained => self.retained,
            Column::TopicsBelow => self.topics_below,
            Column::LastChange => self.last_change,
            Column::Messages => self.messages,
            Column::Rate => self.rate,
            Column::ByteRate => self.byte_rate,
            Column::Age => self.age,
        }
    }

    /// The look of a column, to change it.
    pub fn get_mut(&mut self, column: Column) -> &mut ColumnLook {
        match column {
            Column::Trend => &mut self.trend,
            Column::Size => &mut self.size,
            Column::QoS => &mut self.qos,
            Column::Retained => &mut self.retained,
            Column::TopicsBelow => &mut self.topics_below,
            Column::LastChange => &mut self.last_change,
            Column::Messages => &mut self.messages,
            Column::Rate => &mut self.rate,
            Column::ByteRate => &mut self.byte_rate,
            Column::Age => &mut self.age,
        }
    }

    /// Gives every column its default width.
    pub fn reset_widths(&mut self) {
        self.topic_width = None;
        for column in Column::ALL {
            self.get_mut(column).width = None;
        }
    }
}
