//! Writes PNG without compression: enough to publish a picture that changes, without a dependency for it.

/// An image in rows of red, green and blue bytes.
pub(super) struct Picture {
    width: u32,
    pixels: Vec<u8>,
}

impl Picture {
    /// A picture whose pixel at column x and row y is `color(x, y)`.
    pub fn new(width: u32, height: u32, mut color: impl FnMut(u32, u32) -> [u8; 3]) -> Self {
        let columns = |y| (0..width).map(move |x| (x, y));
        let pixels = (0..height).flat_map(columns).flat_map(|(x, y)| color(x, y)).collect();
        Self { width, pixels }
    }

    /// The picture as a PNG file (ISO/IEC 15948).
    pub fn to_png(&self) -> Vec<u8> {
        let row_bytes = self.width as usize * 3;
        let rows = self.pixels.chunks_exact(row_bytes.max(1));
        let height = rows.len() as u32;
        // Each row is preceded by its filter: none.
        let filtered: Vec<u8> = rows.flat_map(|row| [&[0], row].concat()).collect();
        let mut header = [self.width.to_be_bytes(), height.to_be_bytes()].concat();
        header.extend([8, 2, 0, 0, 0]); // 8 bits, RGB, deflate, standard filters, not interlaced
        let mut file = b"\x89PNG\r\n\x1A\n".to_vec();
        chunk(*b"IHDR", &header, &mut file);
        chunk(*b"IDAT", &zlib_stored(&filtered), &mut file);
        chunk(*b"IEND", &[], &mut file);
        file
    }
}

fn chunk(kind: [u8; 4], data: &[u8], file: &mut Vec<u8>) {
    file.extend((data.len() as u32).to_be_bytes());
    let start = file.len();
    file.extend(kind);
    file.extend(data);
    let sum = crc32(file.get(start..).unwrap_or_default());
    file.extend(sum.to_be_bytes());
}

/// A zlib stream of stored blocks (RFC 1950; RFC 1951, 3.2.4).
fn zlib_stored(data: &[u8]) -> Vec<u8> {
    const BLOCK_BYTES_MAX: usize = 0xFFFF;
    let mut stream = vec![0x78, 0x01];
    let blocks = data.chunks(BLOCK_BYTES_MAX);
    let last = blocks.len().saturating_sub(1);
    for (index, block) in blocks.enumerate() {
        let length = block.len() as u16;
        stream.push(u8::from(index == last));
        stream.extend(length.to_le_bytes());
        stream.extend((!length).to_le_bytes());
        stream.extend(block);
    }
    stream.extend(adler32(data).to_be_bytes());
    stream
}

fn adler32(data: &[u8]) -> u32 {
    const MODULUS: u32 = 65_521;
    let (a, b) = data.iter().fold((1, 0), |(a, b), byte| {
        let a = (a + u32::from(*byte)) % MODULUS;
        (a, (b + a) % MODULUS)
    });
    b << 16 | a
}

fn crc32(data: &[u8]) -> u32 {
    let shift = |crc: u32| if crc & 1 == 1 { 0xEDB8_8320 ^ (crc >> 1) } else { crc >> 1 };
    !data.iter().fold(u32::MAX, |crc, byte| (0..8).fold(crc ^ u32::from(*byte), |crc, _| shift(crc)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_decoder_reads_back_every_pixel() {
        // More than one stored block.
        let color = |x: u32, y: u32| [x as u8, y as u8, (x * y) as u8];
        let file = Picture::new(200, 150, color).to_png();
        let image = image::load_from_memory(&file).unwrap().to_rgb8();
        assert_eq!(image.dimensions(), (200, 150));
        for (x, y, pixel) in image.enumerate_pixels() {
            assert_eq!(pixel.0, color(x, y));
        }
    }

    #[test]
    fn the_checksums_are_the_published_ones() {
        assert_eq!(crc32(b"123456789"), 0xCBF4_3926);
        assert_eq!(adler32(b"Wikipedia"), 0x11E6_0398);
    }
}
