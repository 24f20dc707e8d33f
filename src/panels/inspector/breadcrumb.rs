//! The selected topic as clickable levels whose text can be selected. If there is not enough room, levels in the middle
//! are left out, never the last ones.

use std::ops::Range;
use std::sync::Arc;

use eframe::egui::text::{CCursor, LayoutJob, TextFormat};
use eframe::egui::{
    Color32, CursorIcon, Event, Galley, Popup, Pos2, Rect, Response, Role, Sense, Stroke, StrokeKind, Ui,
    WidgetInfo, pos2, vec2,
};

use crate::model::NodeId;
use crate::payload::visible_line;
use crate::ui::tokens::{size, tokens};
use crate::ui::widgets::access;
use crate::ui::{language, theme};
use crate::words::{Language, inspector as words, topics};

/// Drawn between two levels; the topic itself has only the slash.
const SEPARATOR: &str = " / ";
const LEFT_OUT: &str = "…";
/// The most characters drawn of one level; a level may have 65,535.
const LEVEL_CHARS_MAX: usize = 160;
/// The most levels listed in the menu of those left out.
const MENU_LEVELS_MAX: usize = 40;

/// One level of a topic.
#[derive(Clone, Debug)]
pub struct TopicLevel {
    /// Node of the level.
    pub node: NodeId,
    /// Byte range of the level's name in the topic.
    pub name: Range<usize>,
}

/// A topic and the positions of its levels.
#[derive(Clone, Debug, Default)]
pub struct TopicName {
    /// The whole name; bytes that are not UTF-8 are replaced.
    pub text: String,
    /// All levels, from the first to the last.
    pub levels: Vec<TopicLevel>,
    /// Whether some bytes are not UTF-8, so that `text` is not the topic's exact name.
    pub is_lossy: bool,
}

/// The selected range of the text, in characters as drawn.
pub type Marked = Option<(usize, usize)>;

/// What the person did with the breadcrumb.
#[derive(Debug, Default)]
pub struct BreadcrumbResponse {
    /// The level that was clicked.
    pub clicked: Option<NodeId>,
    /// Text to copy to the clipboard.
    pub copied: Option<String>,
}

/// A stretch of the drawn text.
#[derive(Clone, Debug)]
struct Stretch {
    text: String,
    /// The part of the topic that it stands for.
    source: Range<usize>,
    kind: StretchKind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum StretchKind {
    /// The level with this index.
    Level(usize),
    Separator,
    /// The levels in this range, left out.
    LeftOut(usize, usize),
}

/// Draws the topic in one line of the available width.
pub fn show(ui: &mut Ui, topic: &TopicName, marked: &mut Marked, height: f32) -> BreadcrumbResponse {
    let mut outcome = BreadcrumbResponse::default();
    let language = language(ui);
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), height), Sense::hover());
    let id = ui.unique_id().with("topic");
    let response = ui.interact(rect, id, Sense::drag() | Sense::focusable_noninteractive());
    access::readout(ui, &response, words::TOPIC_LINE.of(language), &topic.text);

    let stretches = fit(topic, rect.width(), language, &|text| width_of(ui, text));
    let galley = layout(ui, topic, &stretches);
    let origin = pos2(rect.left(), rect.center().y - galley.size().y / 2.0);
    let chars: usize = stretches.iter().map(|stretch| stretch.text.chars().count()).sum();
    drag(ui, &response, &galley, origin, marked);
    if let Some((from, to)) =
        marked.map(|(a, b)| (a.min(b), a.max(b).min(chars))).filter(|(from, to)| from < to)
    {
        let x = |at: usize| origin.x + galley.pos_from_cursor(CCursor::new(at)).left();
        let range = Rect::from_x_y_ranges(x(from)..=x(to), rect.shrink2(vec2(0.0, 4.0)).y_range());
        ui.painter().rect_filled(range, 2, ui.visuals().selection.bg_fill);
        let wanted = ui.input(|input| input.events.iter().any(|event| matches!(event, Event::Copy)));
        if wanted && response.has_focus() {
            outcome.copied = Some(topic.text[source_of(&stretches, from, to)].to_owned());
        }
    }
    ui.painter().galley(origin, Arc::clone(&galley), tokens(ui).text);
    if response.has_focus() {
        let ring = Stroke::new(1.5, tokens(ui).accent);
        ui.painter().rect_stroke(rect.expand2(vec2(4.0, -2.0)), size::RADIUS, ring, StrokeKind::Inside);
    }

    let mut at = 0;
    for (number, stretch) in stretches.iter().enumerate() {
        let start = at;
        at += stretch.text.chars().count();
        if stretch.kind == StretchKind::Separator {
            continue;
        }
        let x = |at: usize| origin.x + galley.pos_from_cursor(CCursor::new(at)).left();
        let area = Rect::from_x_y_ranges(x(start)..=x(at), rect.y_range());
        let link =
            ui.interact(area, id.with(number), Sense::click()).on_hover_cursor(CursorIcon::PointingHand);
        link_state(ui, &link, area);
        match stretch.kind {
            StretchKind::Level(level) => {
                link.widget_info(|| WidgetInfo::labeled(Role::Link, true, &stretch.text));
                if link.clicked() {
                    outcome.clicked = topic.levels.get(level).map(|level| level.node);
                }
            }
            StretchKind::LeftOut(from, to) => {
                link.widget_info(|| {
                    WidgetInfo::labeled(Role::Button, true, words::LEVELS_LEFT_OUT.of(language))
                });
                outcome.clicked = outcome.clicked.or(menu(&link, topic, from..to, language));
            }
            StretchKind::Separator => {}
        }
    }
    outcome
}

fn link_state(ui: &Ui, link: &Response, area: Rect) {
    let t = tokens(ui);
    let area = area.expand2(vec2(3.0, -3.0));
    if link.has_focus() {
        ui.painter().rect_stroke(area, size::RADIUS, Stroke::new(1.5, t.accent), StrokeKind::Inside);
    } else if link.hovered() {
        let y = area.bottom() - 1.5;
        ui.painter().hline(area.shrink2(vec2(3.0, 0.0)).x_range(), y, Stroke::new(1.0, t.text_muted));
    }
}

/// Draws the menu of the levels left out, one per line.
fn menu(link: &Response, topic: &TopicName, levels: Range<usize>, language: Language) -> Option<NodeId> {
    let path = topic.levels[levels.start].name.start..topic.levels[levels.end - 1].name.end;
    let hidden: String = topic.text[path].chars().take(LEVEL_CHARS_MAX * 4).collect();
    let link = link.clone().on_hover_text(hidden);
    let chosen = Popup::menu(&link).show(|ui| {
        let mut chosen = None;
        for level in topic.levels[levels].iter().take(MENU_LEVELS_MAX) {
            let name: String = name_of(topic, level, language).chars().take(LEVEL_CHARS_MAX).collect();
            let name = visible_line(&name);
            if ui.button(eframe::egui::RichText::new(&*name).font(theme::mono_font())).clicked() {
                chosen = Some(level.node);
            }
        }
        chosen
    });
    chosen.and_then(|shown| shown.inner)
}

fn drag(ui: &Ui, response: &Response, galley: &Galley, origin: Pos2, marked: &mut Marked) {
    if response.drag_started()
        && let Some(press) = ui.input(|input| input.pointer.press_origin())
    {
        let at = galley.cursor_from_pos(press - origin).index.0;
        *marked = Some((at, at));
        response.request_focus();
    }
    if let (true, Some((_, head)), Some(pointer)) =
        (response.dragged(), marked.as_mut(), response.interact_pointer_pos())
    {
        *head = galley.cursor_from_pos(pointer - origin).index.0;
    }
    let pressed_elsewhere =
        ui.input(|input| input.pointer.any_pressed()) && !response.is_pointer_button_down_on();
    if pressed_elsewhere {
        *marked = None;
    }
}

/// The part of the topic that the drawn characters `from..to` stand for.
fn source_of(stretches: &[Stretch], from: usize, to: usize) -> Range<usize> {
    let mut at = 0;
    let mut range: Option<Range<usize>> = None;
    for stretch in stretches {
        let chars = stretch.text.chars().count();
        let (start, end) = (from.max(at), to.min(at + chars));
        if start < end {
            // Only a level drawn in full can be selected in part.
            let exact =
                matches!(stretch.kind, StretchKind::Level(_)) && stretch.text.len() == stretch.source.len();
            let part = if exact {
                let byte = |index: usize| {
                    stretch.text.char_indices().nth(index).map_or(stretch.text.len(), |(byte, _)| byte)
                };
                stretch.source.start + byte(start - at)..stretch.source.start + byte(end - at)
            } else {
                stretch.source.clone()
            };
            range = Some(range.map_or(part.start, |range| range.start)..part.end);
        }
        at += chars;
    }
    range.unwrap_or(0..0)
}

fn layout(ui: &Ui, topic: &TopicName, stretches: &[Stretch]) -> Arc<Galley> {
    let t = tokens(ui);
    let last = topic.levels.len().saturating_sub(1);
    let mut job = LayoutJob { break_on_newline: false, ..LayoutJob::default() };
    for stretch in stretches {
        let color: Color32 = match stretch.kind {
            StretchKind::Level(level) if level == last => t.text,
            StretchKind::Separator => t.text_faint,
            _ => t.text_muted,
        };
        job.append(&stretch.text, 0.0, TextFormat::simple(theme::mono_font(), color));
    }
    ui.fonts_mut(|fonts| fonts.layout_job(job))
}

fn width_of(ui: &Ui, text: &str) -> f32 {
    ui.painter().layout_no_wrap(text.to_owned(), theme::mono_font(), Color32::PLACEHOLDER).size().x
}

fn name_of<'a>(topic: &'a TopicName, level: &TopicLevel, language: Language) -> &'a str {
    let name = &topic.text[level.name.clone()];
    if name.is_empty() { topics::EMPTY_LEVEL.of(language) } else { name }
}

/// The stretches that fit: always the last level, then the first, then as many before the last as there is room for.
fn fit(topic: &TopicName, room: f32, language: Language, width_of: &dyn Fn(&str) -> f32) -> Vec<Stretch> {
    let Some(last) = topic.levels.len().checked_sub(1) else { return Vec::new() };
    let drawn =
        |level: usize, room: f32| drawn_name(name_of(topic, &topic.levels[level], language), room, width_of);
    let separator = width_of(SEPARATOR);
    let gap = separator + width_of(LEFT_OUT);
    let last_name = drawn(last, room - if last > 0 { gap } else { 0.0 });
    let mut used = width_of(&last_name);

    // Shows the first level, if it fits, and the levels from `back` on, with a gap between them if needed.
    let mut first_name = None;
    let mut back_names = vec![last_name];
    let mut back = last;
    while back > usize::from(first_name.is_some()) {
        let next = if first_name.is_none() { 0 } else { back - 1 };
        let name = drawn(next, f32::INFINITY);
        let width = width_of(&name) + separator;
        let closes_gap = back == usize::from(first_name.is_some()) + 1;
        if used + width + if closes_gap { 0.0 } else { gap } > room {
            break;
        }
        used += width;
        if first_name.is_none() {
            first_name = Some(name);
        } else {
            back_names.push(name);
            back -= 1;
        }
    }
    assemble(topic, first_name, back_names)
}

/// A level's name, shortened if it is wider than the whole view.
fn drawn_name(name: &str, room: f32, width_of: &dyn Fn(&str) -> f32) -> String {
    let beginning: String = name.chars().take(LEVEL_CHARS_MAX).collect();
    let mut short = visible_line(&beginning).into_owned();
    let is_whole = name.chars().nth(LEVEL_CHARS_MAX).is_none();
    if is_whole && width_of(&short) <= room {
        return short;
    }
    let characters = short.chars().count().max(1);
    let each = width_of(&short) / characters as f32;
    let fitting = ((room / each.max(1.0)) as usize).saturating_sub(1).clamp(characters.min(4), characters);
    short = short.chars().take(fitting).collect();
    short + LEFT_OUT
}

/// Assembles the stretches. `back_names` holds the names of the last levels, the last one first.
fn assemble(topic: &TopicName, first_name: Option<String>, back_names: Vec<String>) -> Vec<Stretch> {
    let mut stretches: Vec<Stretch> = Vec::new();
    let mut add = |text: String, source: Range<usize>, kind| {
        if let Some(before) = stretches.last() {
            let slash = before.source.end..source.start;
            stretches.push(Stretch {
                text: SEPARATOR.to_owned(),
                source: slash,
                kind: StretchKind::Separator,
            });
        }
        stretches.push(Stretch { text, source, kind });
    };
    let levels = &topic.levels;
    let (front, back) = (usize::from(first_name.is_some()), levels.len() - back_names.len());
    if let (Some(name), Some(level)) = (first_name, levels.first()) {
        add(name, level.name.clone(), StretchKind::Level(0));
    }
    if front < back {
        let hidden = levels[front].name.start..levels[back - 1].name.end;
        add(LEFT_OUT.to_owned(), hidden, StretchKind::LeftOut(front, back));
    }
    for (name, number) in back_names.into_iter().rev().zip(back..) {
        add(name, levels[number].name.clone(), StretchKind::Level(number));
    }
    stretches
}

#[cfg(test)]
mod tests {
    use super::*;

    fn topic(text: &str) -> TopicName {
        let mut levels = Vec::new();
        let mut at = 0;
        for name in text.split('/') {
            levels.push(TopicLevel { node: NodeId::ROOT, name: at..at + name.len() });
            at += name.len() + 1;
        }
        TopicName { text: text.to_owned(), levels, is_lossy: false }
    }

    /// Draws with one point per character.
    fn drawn(topic: &TopicName, room: f32) -> String {
        fit(topic, room, Language::English, &|text| text.chars().count() as f32)
            .into_iter()
            .map(|stretch| stretch.text)
            .collect()
    }

    #[test]
    fn a_topic_with_room_is_drawn_whole() {
        assert_eq!(drawn(&topic("plant/hall-2/pump"), 40.0), "plant / hall-2 / pump");
        assert_eq!(drawn(&topic("/a"), 40.0), "(empty) / a");
    }

    #[test]
    fn the_middle_goes_first_and_the_last_level_stays() {
        let topic = topic("plant/hall-2/line-4/machine-17/temperature");
        assert_eq!(drawn(&topic, 42.0), "plant / … / machine-17 / temperature");
        assert_eq!(drawn(&topic, 26.0), "plant / … / temperature");
        assert_eq!(drawn(&topic, 16.0), "… / temperature");
    }

    #[test]
    fn a_last_level_without_room_is_cut_at_its_end() {
        let topic = topic("a/a-very-long-name-of-a-single-level");
        assert_eq!(drawn(&topic, 20.0), "a / a-very-long-nam…");
        assert_eq!(drawn(&topic, 6.0), "… / a-ve…", "four characters are always there");
    }

    #[test]
    fn what_would_turn_a_topic_around_is_drawn_as_a_sign() {
        assert_eq!(drawn(&topic("a\u{202e}b/c\n"), 40.0), "a<U+202E>b / c␊");
        assert_eq!(drawn(&topic("a\u{200d}/b "), 40.0), "a<U+200D> / b␠");
    }

    #[test]
    fn a_copy_is_the_topic_as_it_is_not_as_it_is_drawn() {
        let topic = topic("plant/hall-2//temperature");
        let stretches = fit(&topic, 100.0, Language::English, &|text| text.chars().count() as f32);
        let chars = stretches.iter().map(|stretch| stretch.text.chars().count()).sum();
        assert_eq!(&topic.text[source_of(&stretches, 0, chars)], "plant/hall-2//temperature");
        assert_eq!(&topic.text[source_of(&stretches, 2, 10)], "ant/ha");
        let stretches = fit(&topic, 24.0, Language::English, &|text| text.chars().count() as f32);
        let chars = stretches.iter().map(|stretch| stretch.text.chars().count()).sum();
        assert_eq!(&topic.text[source_of(&stretches, 0, chars)], "plant/hall-2//temperature", "with a gap");
    }
}
