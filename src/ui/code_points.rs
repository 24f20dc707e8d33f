//! Characters that no font of the program or of the system has, emoji above all, show as `<U+1F600>` and not as a box: what
//! was received is never hidden.
//!
//! The text stays as it is, so that copying it gives the character. Only its glyph is replaced: a font is made for it that
//! writes the number with the outlines of the program's own monospaced font.

use std::collections::BTreeSet;
use std::sync::Arc;

use eframe::egui::epaint::mutex::Mutex;
use eframe::egui::epaint::text::{FallbackRequest, FontInsert, FontPriority, FontProvider, InsertFontFamily};
use eframe::egui::{Context, FontData};

use crate::ui::missing_script::is_of_east_asia;
use crate::ui::theme::JETBRAINS_MONO;

/// So many characters get a font of their own; what comes after them is a box. Whoever sends all of Unicode must not get
/// hold of the memory.
const CHARACTERS_MAX: usize = 256;
/// The number is written this much smaller than text, in 1/16384.
const SCALE: i16 = 0x3333;

/// Gives a font for every character that nobody else has. Chinese, Japanese and Korean are left to
/// [`MissingScript`](crate::ui::missing_script::MissingScript): a page of numbers would say less than its advice.
#[derive(Default)]
pub struct CodePoints {
    known: Mutex<BTreeSet<char>>,
}

impl CodePoints {
    /// Stands in from now on, behind every provider of fonts that was added before.
    pub fn install(ctx: &Context) {
        ctx.add_font_provider(Arc::new(Self::default()));
    }
}

impl FontProvider for CodePoints {
    fn font_for(&self, request: &FallbackRequest<'_>) -> Option<FontInsert> {
        let character = request.cluster.chars().next()?;
        let mut known = self.known.lock();
        let is_new = !known.contains(&character);
        if is_of_east_asia(character) || (is_new && known.len() >= CHARACTERS_MAX) {
            return None;
        }
        let code = format!("U+{:04X}", character as u32);
        let font = font_with(character, &format!("<{code}>"))?;
        known.insert(character);
        let families =
            vec![InsertFontFamily { family: request.family.clone(), priority: FontPriority::Lowest }];
        Some(FontInsert { name: code, data: FontData::from_owned(font), families })
    }
}

/// A TrueType font of one character, drawn as `text`; `None` if the program's font lacks a character of it.
fn font_with(character: char, text: &str) -> Option<Vec<u8>> {
    let source = Source::open(JETBRAINS_MONO)?;
    let parts: BTreeSet<char> = text.chars().collect();
    let mut glyphs = Glyphs::default();
    glyphs.push(&[], 0)?;
    for part in &parts {
        glyphs.push(&source.outline(*part)?, source.advance)?;
    }
    let place = |part: char| parts.iter().position(|other| *other == part).map(|at| at as u16 + 1);
    let step = (i32::from(source.advance) * i32::from(SCALE) / 0x4000) as u16;
    let count = u16::try_from(text.chars().count()).ok()?;
    let advance = step.checked_mul(count)?;
    // A composite glyph: no contours of its own, its box, then its parts side by side.
    let mut whole = words(&[0xFFFF, 0, 0, advance, source.em]);
    for (at, part) in text.chars().enumerate() {
        let more = if at + 1 < usize::from(count) { MORE_PARTS } else { 0 };
        let flags = WORDS | OFFSETS | SCALED | more;
        whole.extend(words(&[flags, place(part)?, step * at as u16, 0, SCALE as u16]));
    }
    glyphs.push(&whole, advance)?;
    glyphs.into_font(&source, character)
}

/// OpenType 1.9, `glyf`, "Component glyph flags".
const WORDS: u16 = 0x1;
const OFFSETS: u16 = 0x2;
const SCALED: u16 = 0x8;
const MORE_PARTS: u16 = 0x20;

/// The font whose outlines are lent.
struct Source {
    bytes: &'static [u8],
    /// Units of an em.
    em: u16,
    /// Of every character, in units.
    advance: u16,
}

impl Source {
    fn open(bytes: &'static [u8]) -> Option<Self> {
        let em = word(table(bytes, *b"head")?, 18)?;
        Some(Self { bytes, em, advance: word(table(bytes, *b"hmtx")?, 0)? })
    }

    /// The glyph of a character (`cmap` of format 4).
    fn glyph(&self, character: char) -> Option<u16> {
        let cmap = table(self.bytes, *b"cmap")?;
        let wanted = u16::try_from(character as u32).ok()?;
        let tables = usize::from(word(cmap, 2)?);
        let map = (0..tables).find_map(|at| {
            let map = cmap.get(long(cmap, 4 + 8 * at + 4)? as usize..)?;
            (word(map, 0)? == 4).then_some(map)
        })?;
        let twice = usize::from(word(map, 6)?);
        let segment = (0..twice).step_by(2).find(|at| word(map, 14 + at).is_some_and(|end| wanted <= end))?;
        let start = word(map, 16 + twice + segment)?;
        let delta = word(map, 16 + 2 * twice + segment)?;
        let at = 16 + 3 * twice + segment;
        let glyph = match word(map, at)? {
            0 => wanted.wrapping_add(delta),
            offset => {
                let glyph =
                    word(map, at + usize::from(offset) + 2 * usize::from(wanted.checked_sub(start)?))?;
                glyph.wrapping_add(delta)
            }
        };
        (wanted >= start && glyph != 0).then_some(glyph)
    }

    /// The outline of a character without its instructions, which belong to tables that are not taken over.
    fn outline(&self, character: char) -> Option<Vec<u8>> {
        let glyph = usize::from(self.glyph(character)?);
        let (loca, glyf) = (table(self.bytes, *b"loca")?, table(self.bytes, *b"glyf")?);
        let is_long = word(table(self.bytes, *b"head")?, 50)? == 1;
        let offset = |glyph: usize| {
            if is_long {
                long(loca, 4 * glyph)
            } else {
                word(loca, 2 * glyph).map(|half| 2 * u32::from(half))
            }
        };
        let outline = glyf.get(offset(glyph)? as usize..offset(glyph + 1)? as usize)?;
        let contours = usize::from(word(outline, 0).filter(|contours| *contours < 0x8000)?);
        let instructions = 10 + 2 * contours;
        let after = instructions + 2 + usize::from(word(outline, instructions)?);
        Some([outline.get(..instructions)?, &[0, 0], outline.get(after..)?].concat())
    }
}

/// The glyphs of the font to be made.
#[derive(Default)]
struct Glyphs {
    glyf: Vec<u8>,
    loca: Vec<u8>,
    hmtx: Vec<u8>,
    count: u16,
}

impl Glyphs {
    fn push(&mut self, outline: &[u8], advance: u16) -> Option<()> {
        self.loca.extend(u32::try_from(self.glyf.len()).ok()?.to_be_bytes());
        self.glyf.extend(outline);
        self.glyf.resize(self.glyf.len().next_multiple_of(4), 0);
        let left = word(outline, 2).unwrap_or(0);
        self.hmtx.extend(words(&[advance, left]));
        self.count += 1;
        Some(())
    }

    /// The last glyph is that of `character`.
    fn into_font(mut self, source: &Source, character: char) -> Option<Vec<u8>> {
        self.loca.extend(u32::try_from(self.glyf.len()).ok()?.to_be_bytes());
        let mut head = table(source.bytes, *b"head")?.to_vec();
        head.get_mut(50..52)?.copy_from_slice(&[0, 1]);
        let mut hhea = table(source.bytes, *b"hhea")?.to_vec();
        hhea.get_mut(34..36)?.copy_from_slice(&self.count.to_be_bytes());
        let mut maxp = table(source.bytes, *b"maxp")?.to_vec();
        maxp.get_mut(4..6)?.copy_from_slice(&self.count.to_be_bytes());
        let mut cmap = words(&[0, 1, 3, 10, 0, 12, 12, 0, 0, 28, 0, 0, 0, 1]);
        for number in [character as u32, character as u32, u32::from(self.count) - 1] {
            cmap.extend(number.to_be_bytes());
        }
        Some(assemble(&[
            (b"OS/2", table(source.bytes, *b"OS/2")?),
            (b"cmap", &cmap),
            (b"glyf", &self.glyf),
            (b"head", &head),
            (b"hhea", &hhea),
            (b"hmtx", &self.hmtx),
            (b"loca", &self.loca),
            (b"maxp", &maxp),
        ]))
    }
}

/// A font file of these tables, which stand in the order of their names. Checksums are left out: nobody looks at them.
fn assemble(tables: &[(&[u8; 4], &[u8])]) -> Vec<u8> {
    let mut font = words(&[1, 0, tables.len() as u16, 128, 3, 0]);
    let mut at = font.len() + 16 * tables.len();
    for (tag, bytes) in tables {
        font.extend(*tag);
        font.extend([0; 4]);
        font.extend((at as u32).to_be_bytes());
        font.extend((bytes.len() as u32).to_be_bytes());
        at += bytes.len().next_multiple_of(4);
    }
    for (_, bytes) in tables {
        font.extend(*bytes);
        font.resize(font.len().next_multiple_of(4), 0);
    }
    font
}

fn table(font: &[u8], tag: [u8; 4]) -> Option<&[u8]> {
    let record = (0..usize::from(word(font, 4)?)).map(|at| 12 + 16 * at);
    let record = record.into_iter().find(|at| font.get(*at..at + 4) == Some(&tag[..]))?;
    let begin = long(font, record + 8)? as usize;
    font.get(begin..begin.checked_add(long(font, record + 12)? as usize)?)
}

fn word(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_be_bytes(bytes.get(at..at + 2)?.try_into().ok()?))
}

fn long(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_be_bytes(bytes.get(at..at + 4)?.try_into().ok()?))
}

fn words(values: &[u16]) -> Vec<u8> {
    values.iter().flat_map(|value| value.to_be_bytes()).collect()
}

#[cfg(test)]
mod tests {
    use eframe::egui::{Color32, RawInput};

    use super::*;
    use crate::ui::theme;

    /// How wide a text is drawn.
    fn width(ctx: &Context, text: &str) -> f32 {
        let mut width = 0.0;
        let _shown = ctx.run_ui(RawInput::default(), |ui| {
            let galley = ui.painter().layout_no_wrap(text.to_owned(), theme::mono_font(), Color32::WHITE);
            width = galley.size().x;
        });
        width
    }

    fn context() -> Context {
        let ctx = Context::default();
        theme::install(&ctx);
        ctx
    }

    #[test]
    fn a_character_that_no_font_has_shows_its_number() {
        let ctx = context();
        CodePoints::install(&ctx);
        let number = width(&ctx, "<U+1F600>") * 0.8;
        assert!((width(&ctx, "😀") - number).abs() < 1.5, "{} {number}", width(&ctx, "😀"));
        assert!(width(&ctx, "温") < number / 2.0, "Chinese is told of elsewhere");
    }

    #[test]
    fn a_font_that_has_the_character_goes_before() {
        let ctx = context();
        ctx.add_font_provider(Arc::new(|request: &FallbackRequest<'_>| {
            let data = FontData::from_owned(font_with(request.cluster.chars().next()?, "A")?);
            Some(FontInsert { name: request.cluster.to_owned(), data, families: Vec::new() })
        }));
        CodePoints::install(&ctx);
        assert!(width(&ctx, "😀") < width(&ctx, "<U+"));
    }

    #[test]
    fn all_of_unicode_costs_a_bounded_number_of_fonts() {
        let fonts = CodePoints::default();
        let family = eframe::egui::FontFamily::Monospace;
        let made = ('\u{F0000}'..'\u{F0400}').filter(|character| {
            let cluster = character.to_string();
            fonts.font_for(&FallbackRequest { cluster: &cluster, family: &family }).is_some()
        });
        assert_eq!(made.count(), CHARACTERS_MAX);
    }
}
