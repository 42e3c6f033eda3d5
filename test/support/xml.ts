/** A strict reader of small XML documents: what is not well-formed throws. */

/** An element, its attributes unescaped. */
export interface XmlElement {
  name: string;
  attributes: Record<string, string>;
  text: string;
  children: XmlElement[];
}

const NAMES = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" } as const;

/** Reads a document. */
export function readXml(source: string): XmlElement {
  const root: XmlElement = { name: '', attributes: {}, text: '', children: [] };
  const stack = [root];
  const body = source.replace(/^<\?xml version="1\.0" encoding="UTF-8"\?>\n/, '');
  if (body === source) throw new Error('no XML declaration');
  const token = /<(\/?)([A-Za-z-]+)((?:\s+[a-z]+="[^"<]*")*)\s*(\/?)>|([^<]+)/y;
  while (token.lastIndex < body.length) {
    const at = token.lastIndex;
    const found = token.exec(body);
    if (found === null) throw new Error(`not well-formed at ${JSON.stringify(body.slice(at, at + 60))}`);
    const [, closes, name, attributes, isEmpty, text] = found;
    const top = stack[stack.length - 1];
    if (text !== undefined) top.text += plain(text);
    else if (closes === '/') {
      if (stack.pop()?.name !== name) throw new Error(`</${name}> closes <${top.name}>`);
    } else {
      const element: XmlElement = { name, attributes: {}, text: '', children: [] };
      for (const [, key, value] of attributes.matchAll(/([a-z]+)="([^"]*)"/g)) {
        if (key in element.attributes) throw new Error(`${key} twice`);
        element.attributes[key] = plain(value);
      }
      top.children.push(element);
      if (isEmpty !== '/') stack.push(element);
    }
  }
  if (stack.length !== 1 || root.children.length !== 1) throw new Error('not one whole element');
  return root.children[0];
}

/** Returns every element of a name below another, in order. */
export function elements(within: XmlElement, name: string): XmlElement[] {
  return within.children.flatMap((one) => [...(one.name === name ? [one] : []), ...elements(one, name)]);
}

function plain(text: string): string {
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    if (code < 32 && !'\t\n\r'.includes(character)) throw new Error(`character ${code}`);
  }
  if (text.includes('>')) throw new Error('a bare >');
  return text.replace(/&([^;]*);?/g, (whole, name: string) => {
    if (!(name in NAMES)) throw new Error(`entity ${whole}`);
    return NAMES[name as keyof typeof NAMES];
  });
}
