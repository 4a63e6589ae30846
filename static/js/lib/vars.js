/** Styles by script. A style attribute, static or bound, is refused by the content security policy. */
import { nothing } from '/vendor/lit-html/lit-html.js';
import { Directive, directive, PartType } from '/vendor/lit-html/directive.js';

class Vars extends Directive {
  constructor(part) {
    super(part);
    if (part.type !== PartType.ELEMENT) throw new Error('vars() stands inside a tag: <span ${vars({…})}>');
  }

  update(part, [values]) {
    for (const [name, value] of Object.entries(values)) part.element.style.setProperty(name, value);
    return nothing;
  }

  render() { return nothing; }
}

/** Set custom properties or styles on the element: html`<span class="bar" ${vars({'--a': '40%'})}></span>`. */
export const vars = directive(Vars);
