//! JSON line by line: objects and arrays fold, and a number or boolean can be plotted with one click.

use eframe::egui::{
    Align2, CursorIcon, FontId, Rect, Response, Role, Sense, Stroke, StrokeKind, Ui, WidgetInfo, pos2, vec2,
};

use crate::command::{Actions, PlotAction, Plottable};
use crate::model::NodeId;
use crate::panels::inspector::document_rows::DocumentRows;
use crate::panels::plot_drag::{self, Dragged};
use crate::payload::document::{Document, DocumentKind, Fold, Line};
use crate::payload::json::{TokenKind, path_at_line};
use crate::payload::query::{JsonPath, number_of};
use crate::ui::tokens::{Tokens, size, tokens};
use crate::ui::widgets::text_view::{ROW_HEIGHT, RowPlace, TextShown, TextView, TextViewState};
use crate::ui::{icons, language, theme};
use crate::words::{Language, inspector as words};

/// Space left of the text, for the mark that folds.
pub const GUTTER: f32 = 20.0;
/// Space right of the text, for the plot button.
pub const BUTTON: f32 = 24.0;
/// Width of the mark of what changed.
const CHANGED_WIDTH: f32 = 3.0;
/// How many paths are looked up per frame; the rest follow in the next.
const PATHS_PER_FRAME: usize = 12;

/// Draws formatted JSON. `whole_is_number`: the header has the plot button.
pub fn show(
    ui: &mut Ui,
    rows: &mut DocumentRows,
    state: &mut TextViewState,
    node: NodeId,
    whole_is_number: bool,
    actions: &mut Actions,
) -> TextShown {
    let l = language(ui);
    let mut toggled = None;
    let mut paths_left = PATHS_PER_FRAME;
    let shown = {
        let source: &DocumentRows = rows;
        let kind = source.document().kind();
        let name = words::PAYLOAD_READOUT.of(l);
        TextView { name, source, gutter: GUTTER }.show(ui, state, |ui, row, place| {
            let changes = source.changes_at(row.line);
            if changes.is_some() {
                let mark = place.rect.with_max_x(place.rect.left() + CHANGED_WIDTH);
                ui.painter().rect_filled(mark, 0, tokens(ui).accent);
            }
            let Some(line) = source.document().line(row.line).filter(|_| row.last) else { return };
            if let Some(changes) = changes.filter(|changes| *changes > 0) {
                change_count(ui, changes, place, l);
            }
            if line.opens(kind) {
                let fold = source.folds().at(row.line);
                if fold_mark(ui, &line, fold.is_some(), place, l) {
                    toggled = Some(row.line);
                }
                if let Some(fold) = fold {
                    closed_rest(ui, &line, fold, place, l);
                }
            } else if !whole_is_number && is_plottable(source.document(), &line) {
                let path = known_path(source, row.line, &mut paths_left, ui);
                let button = plot_button(ui, path.as_ref(), place, l);
                plot_drag::offer(&button, || {
                    let (path, _) = path_at_line(source.document(), row.line)?;
                    let name = path.to_string();
                    Some(Dragged { numbers: vec![Plottable { node, path: Some(path) }], name })
                });
                if button.clicked()
                    && let Some((path, _)) = path_at_line(source.document(), row.line)
                {
                    actions.push(PlotAction::Add { node, path: Some(path) });
                }
            }
        })
    };
    if let Some(line) = toggled {
        rows.toggle(line);
    }
    shown
}

/// The path of a line, if it is known or there is time to look it up.
fn known_path(rows: &DocumentRows, line: usize, left: &mut usize, ui: &Ui) -> Option<JsonPath> {
    if let Some(path) = rows.path(line) {
        return Some(path);
    }
    if *left == 0 {
        ui.request_repaint();
        return None;
    }
    *left -= 1;
    let (path, _) = path_at_line(rows.document(), line)?;
    rows.remember_path(line, path.clone());
    Some(path)
}

/// Whether a value is a number, a boolean, or a string that is a number.
fn is_plottable(document: &Document, line: &Line<'_>) -> bool {
    let values = document.tokens(line).filter(|(_, kind)| *kind != TokenKind::Punctuation);
    match values.last() {
        Some((_, TokenKind::Number | TokenKind::Bool)) => !line.continuation,
        Some((range, TokenKind::String)) => {
            !line.continuation && number_of(&line.text.as_bytes()[range]).is_some()
        }
        _ => false,
    }
}

fn fold_mark(ui: &Ui, line: &Line<'_>, closed: bool, place: RowPlace, language: Language) -> bool {
    let t = tokens(ui);
    let area = Rect::from_min_max(
        pos2(place.text.min - 18.0, place.rect.top()),
        pos2(place.text.min, place.rect.bottom()),
    );
    let id = ui.unique_id().with(("fold", line.index));
    let response = ui.interact(area, id, Sense::click()).on_hover_cursor(CursorIcon::PointingHand);
    response.widget_info(|| {
        WidgetInfo::labeled(Role::DisclosureTriangle, true, words::fold(closed, line.text, language))
    });
    let color = if response.hovered() { t.text } else { t.text_muted };
    let icon = if closed { icons::CARET_RIGHT } else { icons::CARET_DOWN };
    let font = FontId::new(12.0, theme::icon_font().family);
    ui.painter().text(area.center() - vec2(1.0, 0.0), Align2::CENTER_CENTER, icon, font, color);
    focus_ring(ui, response.has_focus(), area, t);
    response.clicked()
}

/// Draws what follows the bracket of a folded object: what is hidden, and the closing bracket.
fn closed_rest(ui: &Ui, line: &Line<'_>, fold: Fold, place: RowPlace, language: Language) {
    let t = tokens(ui);
    let Some(bracket) = line.closing_bracket(DocumentKind::Json) else { return };
    let count = words::lines(fold.inner_lines() as u64, language);
    let bracket = ui.painter().layout_no_wrap(format!("…{bracket}"), theme::mono_font(), t.text_muted);
    let count = ui.painter().layout_no_wrap(count, theme::small_font(), t.text_muted);
    let middle = place.rect.center().y;
    let after = place.text.max + bracket.size().x + 8.0;
    ui.painter().galley(pos2(place.text.max, middle - bracket.size().y / 2.0), bracket, t.text_muted);
    ui.painter().galley(pos2(after, middle - count.size().y / 2.0), count, t.text_muted);
}

/// Draws how often a value changed, if there is room behind it.
fn change_count(ui: &Ui, changes: u32, place: RowPlace, l: Language) {
    let t = tokens(ui);
    let count = ui.painter().layout_no_wrap(words::times(changes, l), theme::small_font(), t.text_muted);
    let at = pos2(
        place.rect.right() - BUTTON - 4.0 - count.size().x,
        place.rect.center().y - count.size().y / 2.0,
    );
    if at.x > place.text.max + 12.0 {
        ui.painter().galley(at, count, t.text_muted);
    }
}

fn plot_button(ui: &Ui, path: Option<&JsonPath>, place: RowPlace, language: Language) -> Response {
    let t = tokens(ui);
    let area =
        Rect::from_min_size(pos2(place.rect.right() - BUTTON, place.rect.top()), vec2(BUTTON, ROW_HEIGHT));
    let id = ui.unique_id().with(("plot", place.rect.top().to_bits()));
    let response = ui.interact(area, id, Sense::click_and_drag()).on_hover_cursor(CursorIcon::PointingHand);
    let name = || words::plot_value(path, language);
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, name()));
    let color = if response.hovered() || response.has_focus() {
        ui.painter().rect_filled(area.shrink(1.0), size::RADIUS, t.surface_3);
        t.text
    } else {
        t.text_faint
    };
    let font = FontId::new(14.0, theme::icon_font().family);
    ui.painter().text(area.center(), Align2::CENTER_CENTER, icons::CHART_LINE, font, color);
    focus_ring(ui, response.has_focus(), area, t);
    response.on_hover_ui(|ui| drop(ui.label(name())))
}

fn focus_ring(ui: &Ui, focused: bool, area: Rect, t: &Tokens) {
    if focused {
        ui.painter().rect_stroke(area, size::RADIUS, Stroke::new(1.5, t.accent), StrokeKind::Inside);
    }
}
