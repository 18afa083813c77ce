/* A chosen file is looked at before it is sent: its first bytes say what it is and how large its picture is.
   The limits stand at the input (data-max-bytes, data-max-pixels, data-least-side, data-pictures); the server asks all
   of it again. */
import { on, one } from "./page.js";

const HEAD = 1 << 20; // bytes; the size of a JPEG stands behind its notes, the colour profile and the small picture
const FRAMES = [0xc0, 0xc1, 0xc2, 0xc3, 0xc5, 0xc6, 0xc7, 0xc9, 0xca, 0xcb, 0xcd, 0xce, 0xcf];
const HEIC = ["heic", "heix", "heim", "heis", "hevc", "hevx", "mif1", "msf1"];

const jpegSize = (view) => {
  for (let at = 2; at + 9 < view.byteLength;) {
    if (view.getUint8(at) !== 0xff) return null;
    const mark = view.getUint8(at + 1);
    if (FRAMES.includes(mark)) return [view.getUint16(at + 7), view.getUint16(at + 5)];
    at += mark === 0xff ? 1 : 2 + view.getUint16(at + 2);
  }
  return null;
};

/** {kind, size}: "" for what is none of those taken; size is [width, height], or null where it does not stand in front. */
const read = (bytes) => {
  const view = new DataView(bytes);
  const text = String.fromCharCode(...new Uint8Array(bytes, 0, Math.min(24, bytes.byteLength)));
  if (text.startsWith("\xff\xd8\xff")) return { kind: "picture", size: jpegSize(view) };
  if (text.startsWith("\x89PNG\r\n\x1a\n") && bytes.byteLength > 24) {
    return { kind: "picture", size: [view.getUint32(16), view.getUint32(20)] };
  }
  if (text.slice(4, 8) === "ftyp" && HEIC.includes(text.slice(8, 12))) return { kind: "picture", size: null };
  return { kind: /^[\xef\xbb\xbf \t\r\n\0]{0,11}%PDF-/.test(text) ? "paper" : "", size: null };
};

const million = (pixels) => Math.round(pixels / 1e4).toLocaleString("zh-CN");

/** What is wrong with the file, or only doubtful; {} when nothing is. */
export const check = async (file, limits) => {
  if (!file.size) return { wrong: "文件是空的。请检查后重新选择。" };
  const most = Number(limits.maxBytes || 0);
  if (most && file.size > most) {
    return { wrong: `文件 ${Math.ceil(file.size / 1048576)} MB，超过 ${Math.floor(most / 1048576)} MB，请压缩或拆分后再传。` };
  }
  let found;
  try { found = read(await file.slice(0, HEAD).arrayBuffer()); } catch { return { wrong: "这个文件读不出来。请检查后重新选择。" }; }
  const onlyPictures = limits.pictures !== undefined;
  if (!found.kind || (onlyPictures && found.kind === "paper")) {
    return { wrong: `这个文件${found.kind ? "是PDF文件" : "不是图片，也不是PDF"}，这里不能使用。请上传${onlyPictures ? "" : "PDF、"}JPG、PNG、HEIC格式的${onlyPictures ? "图片" : "文件"}。` };
  }
  if (!found.size) return {};
  const [width, height] = found.size;
  if (width * height > Number(limits.maxPixels || Infinity)) {
    return { wrong: `图片有${million(width * height)}万像素，超过${million(Number(limits.maxPixels))}万像素的上限。请缩小尺寸后再传。` };
  }
  return Math.max(width, height) < Number(limits.leastSide || 0)
    ? { doubt: `图片只有 ${width}×${height} 像素，打印后可能看不清。` } : {};
};

// A file that goes with a form: the sentence stands at the field, and the form is not sent with it.
on("change", "input[type=file][data-max-bytes]:not([data-upload])", async (event, input) => {
  const file = input.files[0];
  const { wrong = "", doubt = "" } = file ? await check(file, input.dataset) : {};
  if (input.files[0] !== file) return; // another was chosen meanwhile
  input.setCustomValidity(wrong);
  input.toggleAttribute("aria-invalid", Boolean(wrong));
  let said = one("[data-said]", input.parentElement);
  if (!said) {
    said = document.createElement("span");
    said.dataset.said = "";
    said.setAttribute("role", "alert");
    input.after(said);
  }
  said.className = wrong ? "err" : "sm po";
  said.textContent = wrong || doubt;
});
