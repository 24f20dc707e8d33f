//! Positions of the tree's columns in one frame. The header and every row use these, so they agree.

use std::ops::RangeInclusive;

use eframe::egui::{Align, Rect};

use crate::model::Order;
use crate::store::settings::{COLUMN_WIDTH_MAX, COLUMN_WIDTH_MIN, Column, Columns};
use crate::ui::widgets::virtual_list::split_right;

/// The least room for names and values; columns are hidden to keep it, the last of [`BY_IMPORTANCE`] first.
const BODY_MIN: f32 = 150.0;
/// The names' share of the room for names and values, until a person changes it.
const TOPIC_PART: f32 = 0.45;
/// The narrowest room for names and for values.
const TOPIC_MIN: f32 = 60.0;
/// Space between values and the columns, and at the right edge.
pub const GAP: f32 = 12.0;
const RIGHT_EDGE: f32 = 4.0;

const BY_IMPORTANCE: [Column; 10] = [
    Column::Messages,
    Column::Rate,
    Column::Age,
    Column::Trend,
    Column::ByteRate,
    Column::Size,
    Column::Retained,
    Column::QoS,
    Column::TopicsBelow,
    Column::LastChange,
];

/// A column's initial width: enough for its heading with the sort mark.
pub const fn default_width(column: Column) -> f32 {
    match column {
        Column::Trend => 72.0,
        Column::Size => 64.0,
        Column::Retained | Column::LastChange | Column::TopicsBelow => 76.0,
        Column::Messages | Column::ByteRate => 80.0,
        Column::Rate => 88.0,
        Column::QoS | Column::Age => 52.0,
    }
}

/// The order chosen by a click on a column's heading, if rows can be sorted by it.
pub const fn order_of(column: Column) -> Option<Order> {
    match column {
        Column::Trend => None,
        Column::LastChange => Some(Order::LastChange),
        Column::Size => Some(Order::Size),
        Column::QoS => Some(Order::QoS),
        Column::Retained => Some(Order::Retained),
        Column::TopicsBelow => Some(Order::TopicsBelow),
        Column::Messages => Some(Order::Messages),
        Column::Rate => Some(Order::Rate),
        Column::ByteRate => Some(Order::ByteRate),
        Column::Age => Some(Order::LastSeen),
    }
}

/// The alignment of a column's text.
pub const fn align_of(column: Column) -> Align {
    match column {
        Column::Trend | Column::Retained => Align::Min,
        _ => Align::Max,
    }
}

/// The columns in one frame.
#[derive(Clone, Debug, Default)]
pub struct ColumnPlaces {
    /// The visible columns from left to right, with their left and right edges.
    pub columns: Vec<(Column, f32, f32)>,
    /// Where values begin, unless a name reaches further.
    pub value: f32,
    /// The right edge of values.
    pub body_right: f32,
}

impl ColumnPlaces {
    /// Places the columns in an area as wide as a row.
    pub fn of(columns: &Columns, row: Rect) -> Self {
        let width_of = |column: Column| {
            let width = columns.get(column).width.filter(|width| width.is_finite());
            width.map_or(default_width(column), |width| width.clamp(COLUMN_WIDTH_MIN, COLUMN_WIDTH_MAX))
        };
        let mut left = row.width() - RIGHT_EDGE - BODY_MIN;
        let mut fitting = Vec::new();
        for column in BY_IMPORTANCE.into_iter().filter(|column| columns.get(*column).shown) {
            left -= width_of(column);
            if left < 0.0 {
                break;
            }
            fitting.push(column);
        }
        let mut rest = row.with_max_x(row.right() - RIGHT_EDGE);
        let mut placed = Vec::with_capacity(fitting.len());
        for column in Column::ALL.into_iter().rev().filter(|column| fitting.contains(column)) {
            let (before, cell) = split_right(rest, width_of(column));
            placed.push((column, cell.left(), cell.right()));
            rest = before;
        }
        placed.reverse();
        let body_right = rest.right() - if placed.is_empty() { 0.0 } else { GAP };
        let room = Self::topic_room(row, body_right);
        let chosen = columns.topic_width.filter(|width| width.is_finite());
        let topic = chosen.unwrap_or((body_right - row.left()) * TOPIC_PART);
        Self { columns: placed, value: row.left() + topic.clamp(*room.start(), *room.end()), body_right }
    }

    fn topic_room(row: Rect, body_right: f32) -> RangeInclusive<f32> {
        TOPIC_MIN..=(body_right - row.left() - TOPIC_MIN).max(TOPIC_MIN)
    }
}
