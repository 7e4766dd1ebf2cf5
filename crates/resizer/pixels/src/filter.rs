//! Making a picture smaller: Lanczos, on stored values or in linear light.

use std::sync::LazyLock;

use fast_image_resize::images::{Image, ImageRef};
use fast_image_resize::{PixelComponentMapper, ResizeOptions, Resizer, create_srgb_mapper};

use crate::picture::{Layout, Picture};
use crate::read::Read;

/// A filter with its buffers.
pub(crate) struct Filter {
    resizer: Resizer,
    /// A picture in linear light takes twice as much as stored: kept from picture to picture.
    linear: Vec<u8>,
}

/// The tables of sRGB's curve, both ways: half a megabyte that never changes.
static SRGB: LazyLock<PixelComponentMapper> = LazyLock::new(create_srgb_mapper);

impl Filter {
    pub(crate) fn new() -> Self {
        Self {
            resizer: Resizer::new(),
            linear: Vec::new(),
        }
    }

    /// The picture of `read`, as large as its plan says, not yet turned.
    pub(crate) fn apply(&mut self, read: &Read, linear: bool) -> Picture {
        let picture = &read.picture;
        let options = options(read);
        // Inks are no light: how they mix, no curve says.
        if linear && picture.layout != Layout::Cmyk8 {
            return self.in_linear_light(picture, read.plan.to, &options);
        }
        let source = view(picture, &picture.data);
        let mut result = Image::new(read.plan.to.0, read.plan.to.1, picture.layout.pixel_type());
        self.resize(&source, &mut result, &options);
        into_picture(result, picture.layout)
    }

    fn in_linear_light(
        &mut self,
        picture: &Picture,
        to: (u32, u32),
        options: &ResizeOptions,
    ) -> Picture {
        let wide = picture.layout.widened().pixel_type();
        let length = picture.width as usize * picture.height as usize * wide.size();
        let mut buffer = std::mem::take(&mut self.linear);
        buffer.resize(length, 0);
        let mut light = Image::from_vec_u8(picture.width, picture.height, buffer, wide)
            .expect("the buffer was made for it");
        let source = view(picture, &picture.data);
        SRGB.forward_map(&source, &mut light)
            .expect("8 and 16 bits both become 16");
        let mut small = Image::new(to.0, to.1, wide);
        self.resize(&light, &mut small, options);
        self.linear = light.into_vec();

        let mut result = Image::new(to.0, to.1, picture.layout.pixel_type());
        SRGB.backward_map(&small, &mut result)
            .expect("16 bits become 8 or 16");
        into_picture(result, picture.layout)
    }

    fn resize(
        &mut self,
        source: &impl fast_image_resize::IntoImageView,
        result: &mut Image<'_>,
        options: &ResizeOptions,
    ) {
        self.resizer
            .resize(source, result, options)
            .expect("both have the same layout, and the part lies inside");
        // What lies between the two passes is not kept: the next picture's decoder has use for the memory first.
        self.resizer.reset_internal_buffers();
    }
}

/// The middle part of the picture, where it was decoded at a reduced scale: the plan's lengths in its pixels. The
/// decoder rounds sizes up, and what it made of the missing rest is left out.
fn options(read: &Read) -> ResizeOptions {
    let scale = f64::from(read.eighths) / 8.0;
    let (width, height) = read.about.size;
    let (width, height) = (f64::from(width) * scale, f64::from(height) * scale);
    let (wide, high) = (read.plan.part.0 * scale, read.plan.part.1 * scale);
    ResizeOptions::new()
        .crop((width - wide) / 2.0, (height - high) / 2.0, wide, high)
        .use_alpha(read.picture.layout.has_alpha())
}

fn view<'a>(picture: &Picture, data: &'a [u8]) -> ImageRef<'a> {
    ImageRef::new(
        picture.width,
        picture.height,
        data,
        picture.layout.pixel_type(),
    )
    .expect("a picture has as many bytes as its size says")
}

fn into_picture(image: Image<'_>, layout: Layout) -> Picture {
    Picture {
        width: image.width(),
        height: image.height(),
        layout,
        data: image.into_vec(),
    }
}
