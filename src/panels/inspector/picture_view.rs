//! A picture: its header is read at once, its pixels as soon as a job has decoded them. They become a texture, which is
//! released when another view, topic or tab is shown.

use bytes::Bytes;
use eframe::egui::{
    self, Align, Color32, ColorImage, Context, Key, Layout, Mesh, Pos2, Rect, Response, RichText, Sense,
    TextureFilter, TextureHandle, TextureOptions, Ui, UiBuilder, Vec2, pos2, vec2,
};

use crate::payload::decode::ImageInfo;
use crate::payload::picture::{self, PictureError};
use crate::ui::focus;
use crate::ui::job::{Job, JobProgress};
use crate::ui::tokens::{size, tokens};
use crate::ui::widgets::segments::segments;
use crate::ui::widgets::text_view;
use crate::ui::widgets::{access, empty};
use crate::ui::{language, theme};
use crate::words::{inspector as words, payload};

/// The longest side of a texture in pixels, even if the graphics card supports more.
const SIDE_MAX: usize = 4_096;
/// How far small pictures may be enlarged to fit.
const FIT_MAX: f32 = 8.0;
const ZOOM_MIN: f32 = 0.02;
const ZOOM_MAX: f32 = 64.0;
/// Zoom factor of one key press.
const KEY_STEP: f32 = 1.25;
/// Height of the bar below the picture.
const BAR_HEIGHT: f32 = 32.0;
/// Size of the squares behind a transparent picture, in points.
const SQUARE: f32 = 8.0;
const SQUARES_MAX: f32 = 16_000.0;

/// The size at which a picture is drawn.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
enum Zoom {
    /// As large as fits.
    #[default]
    Fit,
    /// This many screen pixels per pixel of the picture.
    Times(f32),
}

/// The visible part of a picture and its zoom.
#[derive(Clone, Copy, Debug, Default)]
pub struct PicturePlace {
    zoom: Zoom,
    /// Offset of the picture's centre from the view's, in points.
    offset: Vec2,
}

/// A picture of a message.
#[derive(Debug)]
pub struct PictureView {
    info: ImageInfo,
    state: State,
    /// The previous message's picture, until this one is ready.
    before: Option<Drawn>,
}

#[derive(Debug)]
enum State {
    /// Nobody is looking at it.
    Idle,
    Decoding(Job<Result<Pixels, PictureError>>),
    Drawn(Drawn),
    /// Decoding failed; `None` if the job ended without a result.
    Failed(Option<PictureError>),
}

/// A decoded payload.
#[derive(Debug)]
struct Pixels {
    image: ColorImage,
    full_size: [u32; 2],
    is_transparent: bool,
}

/// A picture as a texture.
#[derive(Clone)]
struct Drawn {
    texture: TextureHandle,
    full_size: [u32; 2],
    is_transparent: bool,
}

impl std::fmt::Debug for Drawn {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Drawn").field("full_size", &self.full_size).finish_non_exhaustive()
    }
}

impl PictureView {
    /// Creates the view from the header's data; pixels are decoded only when somebody looks.
    pub fn new(info: ImageInfo) -> Self {
        Self { info, state: State::Idle, before: None }
    }

    /// Starts decoding the pixels, and makes a texture of them when they are ready.
    pub fn prepare(&mut self, payload: &Bytes, ctx: &Context) {
        match &self.state {
            State::Idle => {
                let (payload, kind) = (payload.clone(), self.info.kind);
                let side_max = ctx.input(|input| input.max_texture_side).min(SIDE_MAX) as u32;
                self.state = State::Decoding(Job::spawn("decode picture", ctx, move |cancel| {
                    let picture = picture::decode(&payload, kind, side_max, &|| cancel.is_cancelled())?;
                    let image = ColorImage::from_rgba_unmultiplied(picture.size, &picture.rgba);
                    let (full_size, is_transparent) = (picture.full_size, picture.is_transparent);
                    Ok(Pixels { image, full_size, is_transparent })
                }));
            }
            State::Decoding(job) => match job.poll() {
                JobProgress::Running => return,
                JobProgress::Done(Ok(pixels)) => self.state = State::Drawn(Drawn::new(pixels, ctx)),
                JobProgress::Done(Err(error)) => self.state = State::Failed(Some(error)),
                JobProgress::Failed => self.state = State::Failed(None),
            },
            State::Drawn(_) | State::Failed(_) => return,
        }
        if !matches!(self.state, State::Decoding(_)) {
            self.before = None;
        }
    }

    /// Releases the texture, because nobody is looking any more.
    pub fn release(&mut self) {
        if matches!(self.state, State::Drawn(_) | State::Decoding(_)) {
            self.state = State::Idle;
        }
        self.before = None;
    }

    /// Shows the previous picture until this one is ready, so that a camera's pictures follow one another without gaps.
    pub fn take_before(&mut self, before: &Self) {
        self.before = match &before.state {
            State::Drawn(drawn) => Some(drawn.clone()),
            State::Idle | State::Decoding(_) | State::Failed(_) => before.before.clone(),
        };
    }

    fn drawn(&self) -> Option<&Drawn> {
        if let State::Drawn(drawn) = &self.state { Some(drawn) } else { self.before.as_ref() }
    }
}

impl Drawn {
    fn new(pixels: Pixels, ctx: &Context) -> Self {
        let Pixels { image, full_size, is_transparent } = pixels;
        let options = TextureOptions {
            // A person who looks this closely wants to see the pixels.
            magnification: TextureFilter::Nearest,
            minification: TextureFilter::Linear,
            ..TextureOptions::default()
        };
        let texture = ctx.load_texture("picture", image, options);
        Self { texture, full_size, is_transparent }
    }

    /// The texture's size, if it has fewer pixels than the picture.
    fn smaller(&self) -> Option<[usize; 2]> {
        Some(self.texture.size()).filter(|[width, _]| *width < self.full_size[0] as usize)
    }
}

/// Draws the picture into the rest of `ui`, with a bar showing what it is and its zoom.
pub fn show(ui: &mut Ui, view: &PictureView, bytes: u64, place: &mut PicturePlace) {
    let l = language(ui);
    let mut what = payload::image(&view.info, bytes, l);
    if let Some([width, height]) = view.drawn().and_then(Drawn::smaller) {
        what += &payload::drawn_smaller(width, height, l);
    }
    let why = match &view.state {
        State::Failed(error) => Some(payload::picture_error(error.as_ref(), l)),
        State::Idle | State::Decoding(_) | State::Drawn(_) => None,
    };
    let all = ui.available_rect_before_wrap();
    let (room, bar) = all.split_top_bottom_at_y((all.bottom() - BAR_HEIGHT).max(all.top()));
    let name = words::PAYLOAD_READOUT.of(l);
    let response = ui.interact(room, text_view::id(ui, name), Sense::click_and_drag());
    let read = why.as_ref().map_or_else(|| what.clone(), |why| words::fault(&what, why, l));
    access::readout(ui, &response, name, &read);
    let zoom = match (view.drawn(), &why) {
        (_, Some(why)) => {
            let mut inside = ui.new_child(UiBuilder::new().max_rect(room));
            empty::show(&mut inside, payload::NO_PICTURE.of(l), why);
            None
        }
        (None, None) => {
            let (font, color) = (theme::text_font(), tokens(ui).text_muted);
            let text = payload::DECODING_PICTURE.of(l);
            ui.painter().text(room.center(), egui::Align2::CENTER_CENTER, text, font, color);
            None
        }
        (Some(drawn), None) => Some(picture(ui, drawn, room, &response, place)),
    };
    let mut bar = ui.new_child(UiBuilder::new().id_salt("picture bar").max_rect(bar));
    bar_below(&mut bar, &what, zoom, place);
}

/// Draws the picture and moves it as the pointer and keys ask. Returns how many screen pixels one pixel of the picture
/// takes.
fn picture(ui: &Ui, drawn: &Drawn, room: Rect, response: &Response, place: &mut PicturePlace) -> f32 {
    let scale = ui.ctx().pixels_per_point();
    let full = vec2(drawn.full_size[0] as f32, drawn.full_size[1] as f32) / scale;
    let fit = (room.width() / full.x).min(room.height() / full.y).clamp(ZOOM_MIN, FIT_MAX);
    let mut times = match place.zoom {
        Zoom::Fit => fit,
        Zoom::Times(times) => times,
    };
    if let Some((step, at)) = zoomed(ui, room, response) {
        let next = (times * step).clamp(ZOOM_MIN, ZOOM_MAX);
        // The point under the pointer stays there.
        let from_middle = at - room.center() - place.offset;
        place.offset -= from_middle * (next / times - 1.0);
        place.zoom = Zoom::Times(next);
        times = next;
    }
    if response.double_clicked() {
        *place = PicturePlace {
            zoom: if place.zoom == Zoom::Fit { Zoom::Times(1.0) } else { Zoom::Fit },
            offset: Vec2::ZERO,
        };
    }
    let shown = full * times;
    // No further than to its edge: a picture out of sight is hard to find again.
    let slack = ((shown - room.size()) / 2.0).max(Vec2::ZERO);
    place.offset = (place.offset + response.drag_delta() + moved(ui, response)).clamp(-slack, slack);
    let rect = Rect::from_center_size(room.center() + place.offset, shown);
    let painter = ui.painter_at(room);
    let uv = Rect::from_min_max(pos2(0.0, 0.0), pos2(1.0, 1.0));
    if drawn.is_transparent {
        squares(ui, rect.intersect(room));
    }
    painter.image(drawn.texture.id(), rect, uv, Color32::WHITE);
    if response.has_focus() {
        focus::mark_view(ui, room);
    }
    times
}

/// Draws a checkerboard behind a transparent picture.
fn squares(ui: &Ui, rect: Rect) {
    let t = tokens(ui);
    let painter = ui.painter_at(rect);
    painter.rect_filled(rect, 0.0, t.surface_2);
    let (columns, rows) = ((rect.width() / SQUARE).ceil() as u32, (rect.height() / SQUARE).ceil() as u32);
    // On a very large display the squares grow, so that there are never more than some thousands.
    let square = SQUARE * ((columns * rows) as f32 / SQUARES_MAX).sqrt().max(1.0);
    let mut mesh = Mesh::default();
    for row in 0..(rect.height() / square).ceil() as u32 {
        for column in (row % 2..(rect.width() / square).ceil() as u32).step_by(2) {
            let corner = rect.min + vec2(column as f32, row as f32) * square;
            mesh.add_colored_rect(Rect::from_min_size(corner, Vec2::splat(square)), t.surface_3);
        }
    }
    painter.add(mesh);
}

/// By how much the wheel or a key zooms, and around which point.
fn zoomed(ui: &Ui, room: Rect, response: &Response) -> Option<(f32, Pos2)> {
    let wheel = ui.input(|input| input.smooth_scroll_delta.y);
    if let Some(at) = response.hover_pos().filter(|_| wheel != 0.0) {
        return Some(((wheel * 0.005).exp(), at));
    }
    if !response.has_focus() {
        return None;
    }
    let pressed = |key| ui.input(|input| input.key_pressed(key));
    if pressed(Key::Plus) || pressed(Key::Equals) {
        Some((KEY_STEP, room.center()))
    } else if pressed(Key::Minus) {
        Some((1.0 / KEY_STEP, room.center()))
    } else {
        None
    }
}

/// How far the arrow keys move the picture.
fn moved(ui: &Ui, response: &Response) -> Vec2 {
    if !response.has_focus() {
        return Vec2::ZERO;
    }
    let filter = egui::EventFilter { horizontal_arrows: true, vertical_arrows: true, ..Default::default() };
    ui.memory_mut(|memory| memory.set_focus_lock_filter(response.id, filter));
    ui.input(|input| {
        let step = |key, by: Vec2| if input.key_pressed(key) { by } else { Vec2::ZERO };
        step(Key::ArrowLeft, vec2(40.0, 0.0))
            + step(Key::ArrowRight, vec2(-40.0, 0.0))
            + step(Key::ArrowUp, vec2(0.0, 40.0))
            + step(Key::ArrowDown, vec2(0.0, -40.0))
    })
}

fn bar_below(ui: &mut Ui, what: &str, times: Option<f32>, place: &mut PicturePlace) {
    let (t, l) = (tokens(ui), language(ui));
    let rect = ui.max_rect();
    ui.painter().hline(rect.x_range(), rect.top() + 0.5, egui::Stroke::new(1.0, t.line));
    ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
        ui.add_space(4.0);
        if let Some(times) = times {
            let choices = [(Zoom::Fit, words::FIT), (Zoom::Times(1.0), words::FULL_SIZE)];
            if let Some(zoom) = segments(ui, words::ZOOM.of(l), &choices, Some(place.zoom)) {
                *place = PicturePlace { zoom, offset: Vec2::ZERO };
            }
            let percent = words::percent(times, l);
            ui.label(RichText::new(percent).font(theme::small_font()).color(t.text_muted));
        }
        ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
            ui.add_space(size::PADDING);
            let what = RichText::new(what).font(theme::small_font()).color(t.text_muted);
            ui.add(egui::Label::new(what).truncate());
        });
    });
}
